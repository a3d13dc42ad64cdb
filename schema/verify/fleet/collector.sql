begin;

select 1 / (pg_catalog.to_regclass('natsweep.collector') is not null)::integer;

rollback;
