begin;

select 1 / (pg_catalog.to_regclass('natsweep.failing_ports') is not null)::integer;

rollback;
