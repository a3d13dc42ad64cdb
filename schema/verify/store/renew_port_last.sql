begin;

select 1 / (pg_catalog.to_regproc('natsweep.renew_port_last') is not null)::integer;

rollback;
