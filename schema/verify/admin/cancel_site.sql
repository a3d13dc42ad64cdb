begin;

select 1 / (pg_catalog.to_regproc('natsweep.cancel_site') is not null)::integer;

rollback;
