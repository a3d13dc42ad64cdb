begin;

select 1 / (pg_catalog.to_regproc('natsweep.dashboard_sweeps') is not null)::integer;

rollback;
