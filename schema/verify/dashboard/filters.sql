begin;

select 1 / (pg_catalog.to_regproc('natsweep.dashboard_filters') is not null)::integer;

rollback;
