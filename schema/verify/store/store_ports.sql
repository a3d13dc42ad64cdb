begin;

select 1 / (pg_catalog.to_regproc('natsweep.store_ports') is not null)::integer;

rollback;
