begin;

select 1 / (pg_catalog.to_regproc('natsweep.overlapping_batches') is not null)::integer;

rollback;
