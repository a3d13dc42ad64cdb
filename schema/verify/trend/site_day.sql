begin;

select 1 / (pg_catalog.to_regclass('natsweep.site_day') is not null)::integer;

rollback;
