begin;

select 1 / (pg_catalog.to_regproc('natsweep.stale_after') is not null)::integer;

rollback;
