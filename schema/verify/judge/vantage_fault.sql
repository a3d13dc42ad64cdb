begin;

select 1 / (pg_catalog.to_regclass('natsweep.vantage_fault') is not null)::integer;

rollback;
