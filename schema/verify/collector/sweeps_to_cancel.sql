begin;

select 1 / (pg_catalog.to_regproc('natsweep.sweeps_to_cancel') is not null)::integer;

rollback;
