begin;

select 1 / (pg_catalog.to_regproc('natsweep.dashboard_change_request') is not null)::integer;

rollback;
