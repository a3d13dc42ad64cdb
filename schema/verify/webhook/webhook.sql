begin;

select 1 / (pg_catalog.to_regclass('natsweep.webhook') is not null)::integer;

rollback;
