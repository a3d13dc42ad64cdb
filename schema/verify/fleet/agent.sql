begin;

select 1 / (pg_catalog.to_regclass('natsweep.agent') is not null)::integer;

rollback;
