begin;

select 1 / (pg_catalog.to_regproc('natsweep.run_schedule') is not null)::integer;

rollback;
