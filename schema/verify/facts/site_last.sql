begin;

select 1 / (pg_catalog.to_regclass('natsweep.site_last') is not null)::integer;

rollback;
