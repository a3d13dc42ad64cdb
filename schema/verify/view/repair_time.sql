begin;

select 1 / (pg_catalog.to_regclass('natsweep.repair_time') is not null)::integer;

rollback;
