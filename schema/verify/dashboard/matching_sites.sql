begin;

select 1 / (pg_catalog.to_regproc('natsweep.dashboard_matching_sites') is not null)::integer;

rollback;
