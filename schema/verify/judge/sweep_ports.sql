begin;

select 1 / (pg_catalog.to_regclass('natsweep.sweep_ports') is not null)::integer;

rollback;
