begin;

select 1 / (pg_catalog.to_regclass('natsweep.port_day') is not null)::integer;

rollback;
