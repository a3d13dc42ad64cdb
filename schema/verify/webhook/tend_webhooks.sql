begin;

select 1 / (pg_catalog.to_regproc('natsweep.tend_webhooks') is not null)::integer;

rollback;
