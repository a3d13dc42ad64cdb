begin;

select 1 / (pg_catalog.to_regclass('natsweep.sweep_result') is not null)::integer;

rollback;
