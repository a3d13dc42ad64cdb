begin;

select 1 / (pg_catalog.to_regproc('natsweep.cron_next') is not null)::integer;

rollback;
