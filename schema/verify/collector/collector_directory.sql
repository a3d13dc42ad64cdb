begin;

select 1 / (pg_catalog.to_regproc('natsweep.collector_directory') is not null)::integer;

rollback;
