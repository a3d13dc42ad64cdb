begin;

select 1 / (pg_catalog.to_regproc('natsweep.stop_requests') is not null)::integer;

rollback;
