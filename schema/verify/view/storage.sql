begin;

select 1 / (pg_catalog.to_regclass('natsweep.storage') is not null)::integer;

rollback;
