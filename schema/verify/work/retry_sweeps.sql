begin;

select 1 / (pg_catalog.to_regproc('natsweep.retry_sweeps') is not null)::integer;

rollback;
