begin;

select 1 / (pg_catalog.to_regclass('natsweep.port_span') is not null)::integer;

rollback;
