begin;

select 1 / (pg_catalog.to_regproc('natsweep.dashboard_sites_csv') is not null)::integer;

rollback;
