begin;

select 1 / (pg_catalog.to_regclass('natsweep.site') is not null)::integer;

rollback;
