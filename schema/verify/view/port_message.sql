begin;

select 1 / (pg_catalog.to_regproc('natsweep.port_message') is not null)::integer;

rollback;
