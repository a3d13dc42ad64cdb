begin;

select 1 / (pg_catalog.to_regclass('natsweep.site_outage') is not null)::integer;

rollback;
