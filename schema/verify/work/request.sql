begin;

select 1 / (pg_catalog.to_regclass('natsweep.request') is not null)::integer;

rollback;
