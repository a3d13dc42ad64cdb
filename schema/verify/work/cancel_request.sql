begin;

select 1 / (pg_catalog.to_regproc('natsweep.cancel_request') is not null)::integer;

rollback;
