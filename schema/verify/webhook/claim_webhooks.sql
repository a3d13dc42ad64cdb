begin;

select 1 / (pg_catalog.to_regproc('natsweep.claim_webhooks') is not null)::integer;

rollback;
