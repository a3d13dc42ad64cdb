begin;

select 1 / (pg_catalog.to_regproc('natsweep.reject_report') is not null)::integer;

rollback;
