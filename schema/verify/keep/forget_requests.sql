begin;

select 1 / (pg_catalog.to_regproc('natsweep.forget_requests') is not null)::integer;

rollback;
