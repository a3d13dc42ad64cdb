begin;

select 1 / (pg_catalog.to_regclass('natsweep.customer_day') is not null)::integer;

rollback;
