begin;

select 1 / (pg_catalog.to_regproc('natsweep.webhook_done') is not null)::integer;

rollback;
