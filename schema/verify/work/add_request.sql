begin;

select 1 / (pg_catalog.to_regproc('natsweep.add_request') is not null)::integer;

rollback;
