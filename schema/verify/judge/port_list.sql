begin;

select 1 / (pg_catalog.to_regproc('natsweep.port_list') is not null)::integer;

rollback;
