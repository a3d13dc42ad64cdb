begin;

select 1 / (pg_catalog.to_regproc('natsweep.clock_trusted') is not null)::integer;

rollback;
