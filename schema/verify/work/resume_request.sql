begin;

select 1 / (pg_catalog.to_regproc('natsweep.resume_request') is not null)::integer;

rollback;
