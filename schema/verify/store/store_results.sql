begin;

select 1 / (pg_catalog.to_regproc('natsweep.store_results') is not null)::integer;

rollback;
