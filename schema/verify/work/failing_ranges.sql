begin;

select 1 / (pg_catalog.to_regproc('natsweep.failing_ranges') is not null)::integer;

rollback;
