begin;

select 1 / (pg_catalog.to_regclass('natsweep.vantage_event') is not null)::integer;

rollback;
