begin;

select 1 / (pg_catalog.to_regproc('natsweep.test_webhook') is not null)::integer;

rollback;
