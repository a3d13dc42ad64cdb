begin;

select 1 / (pg_catalog.to_regproc('natsweep.store_reports') is not null)::integer;

rollback;
