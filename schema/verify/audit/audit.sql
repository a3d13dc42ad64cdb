begin;

select 1 / (pg_catalog.to_regclass('natsweep.audit') is not null)::integer;

rollback;
