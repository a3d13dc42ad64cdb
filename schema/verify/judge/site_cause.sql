begin;

select 1 / (pg_catalog.to_regproc('natsweep.site_cause') is not null)::integer;

rollback;
