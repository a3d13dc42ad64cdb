begin;

select 1 / (pg_catalog.to_regproc('natsweep.dashboard_preview') is not null)::integer;

rollback;
