begin;

select 1 / (pg_catalog.to_regclass('natsweep.fact_table') is not null)::integer;

rollback;
