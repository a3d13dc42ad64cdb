begin;

select 1 / (pg_catalog.to_regclass('natsweep.collector_endpoint') is not null)::integer;

rollback;
