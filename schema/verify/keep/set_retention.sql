begin;

select 1 / (pg_catalog.to_regproc('natsweep.set_retention') is not null)::integer;

rollback;
