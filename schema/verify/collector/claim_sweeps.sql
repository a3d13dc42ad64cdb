begin;

select 1 / (pg_catalog.to_regproc('natsweep.claim_sweeps') is not null)::integer;

rollback;
