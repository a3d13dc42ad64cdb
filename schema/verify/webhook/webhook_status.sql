begin;

select 1 / (pg_catalog.to_regclass('natsweep.webhook_status') is not null)::integer;

rollback;
