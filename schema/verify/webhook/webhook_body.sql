begin;

select 1 / (pg_catalog.to_regproc('natsweep.webhook_body') is not null)::integer;

rollback;
