begin;

select 1 / (pg_catalog.to_regproc('natsweep.cron_field') is not null)::integer;

rollback;
