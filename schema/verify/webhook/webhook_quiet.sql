begin;

select 1 / (pg_catalog.to_regclass('natsweep.webhook_quiet') is not null)::integer;

rollback;
