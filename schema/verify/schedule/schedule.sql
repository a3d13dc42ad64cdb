begin;

select 1 / (pg_catalog.to_regclass('natsweep.schedule') is not null)::integer;

rollback;
