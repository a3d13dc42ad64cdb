begin;

select 1 / (pg_catalog.to_regproc('natsweep.dashboard_add_schedule') is not null)::integer;

rollback;
