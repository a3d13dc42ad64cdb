begin;

select 1 / (pg_catalog.to_regproc('natsweep.dashboard_number') is not null)::integer;

rollback;
