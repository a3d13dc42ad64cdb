begin;

select 1 / (pg_catalog.to_regproc('natsweep.run_schedules') is not null)::integer;

rollback;
