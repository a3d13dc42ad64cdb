begin;

select 1 / (pg_catalog.to_regproc('natsweep.queue_outages') is not null)::integer;

rollback;
