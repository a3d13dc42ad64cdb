begin;

select 1 / (pg_catalog.to_regproc('natsweep.new_batches') is not null)::integer;

rollback;
