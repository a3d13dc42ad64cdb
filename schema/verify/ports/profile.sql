begin;

select 1 / (pg_catalog.to_regclass('natsweep.profile') is not null)::integer;

rollback;
