begin;

select 1 / (pg_catalog.to_regclass('natsweep.port_plan') is not null)::integer;

rollback;
