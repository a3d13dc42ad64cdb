begin;

select 1 / (pg_catalog.to_regproc('natsweep.sweep_progress') is not null)::integer;

rollback;
