begin;

select 1 / (pg_catalog.to_regclass('natsweep.customer') is not null)::integer;

rollback;
