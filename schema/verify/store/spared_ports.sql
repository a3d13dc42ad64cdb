begin;

select 1 / (pg_catalog.to_regproc('natsweep.spared_ports') is not null)::integer;

rollback;
