begin;

select 1 / (pg_catalog.to_regproc('natsweep.next_sweeps') is not null)::integer;

rollback;
