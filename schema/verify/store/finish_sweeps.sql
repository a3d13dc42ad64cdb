begin;

select 1 / (pg_catalog.to_regproc('natsweep.finish_sweeps') is not null)::integer;

rollback;
