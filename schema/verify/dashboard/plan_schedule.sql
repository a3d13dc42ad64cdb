begin;

select 1 / (pg_catalog.to_regproc('natsweep.dashboard_plan_schedule') is not null)::integer;

rollback;
