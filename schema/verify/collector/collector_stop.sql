begin;

select 1 / (pg_catalog.to_regproc('natsweep.collector_stop') is not null)::integer;

rollback;
