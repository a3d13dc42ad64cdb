begin;

select 1 / (pg_catalog.to_regproc('natsweep.renew_site_last') is not null)::integer;

rollback;
