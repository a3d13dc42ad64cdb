begin;

select 1 / (pg_catalog.to_regproc('natsweep.to_us') is not null)::integer;

rollback;
