begin;

select 1 / (pg_catalog.to_regproc('natsweep.remove_webhook') is not null)::integer;

rollback;
