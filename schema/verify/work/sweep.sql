begin;

select 1 / (pg_catalog.to_regclass('natsweep.sweep') is not null)::integer;

rollback;
