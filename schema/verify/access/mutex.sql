begin;

select 1 / (pg_catalog.to_regclass('natsweep.mutex') is not null)::integer;

rollback;
