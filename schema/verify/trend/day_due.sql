begin;

select 1 / (pg_catalog.to_regclass('natsweep.day_due') is not null)::integer;

rollback;
