begin;

select 1 / (pg_catalog.to_regproc('natsweep.my_customers') is not null)::integer;

rollback;
