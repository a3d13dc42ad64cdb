begin;

select 1 / (pg_catalog.to_regproc('natsweep.customers_of') is not null)::integer;

rollback;
