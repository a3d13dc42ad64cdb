begin;

select 1 / (pg_catalog.to_regproc('natsweep.dashboard_fleet') is not null)::integer;

rollback;
