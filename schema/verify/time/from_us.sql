begin;

select 1 / (pg_catalog.to_regproc('natsweep.from_us') is not null)::integer;

rollback;
