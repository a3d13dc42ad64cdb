begin;

select 1 / (pg_catalog.to_regproc('natsweep.find_webhook') is not null)::integer;

rollback;
