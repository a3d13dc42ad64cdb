begin;

select 1 / (pg_catalog.to_regproc('natsweep.queue_recoveries') is not null)::integer;

rollback;
