begin;

select 1 / (pg_catalog.to_regproc('natsweep.parse_ports') is not null)::integer;

rollback;
