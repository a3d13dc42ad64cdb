begin;

select 1 / (pg_catalog.to_regproc('natsweep.site_for_host') is not null)::integer;

rollback;
