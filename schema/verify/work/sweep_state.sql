begin;

select 1 / (pg_catalog.to_regclass('natsweep.sweep_state') is not null)::integer;

rollback;
