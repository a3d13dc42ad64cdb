begin;

select 1 / (pg_catalog.to_regproc('natsweep.dashboard_port_history') is not null)::integer;

rollback;
