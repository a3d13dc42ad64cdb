begin;

select 1 / (pg_catalog.to_regclass('natsweep.site_change') is not null)::integer;

rollback;
