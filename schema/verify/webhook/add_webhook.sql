begin;

select 1 / (pg_catalog.to_regproc('natsweep.add_webhook') is not null)::integer;

rollback;
