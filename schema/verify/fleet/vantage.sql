begin;

select 1 / (pg_catalog.to_regclass('natsweep.vantage') is not null)::integer;

rollback;
