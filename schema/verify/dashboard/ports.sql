begin;

select 1 / (pg_catalog.to_regproc('natsweep.dashboard_ports') is not null)::integer;

rollback;
