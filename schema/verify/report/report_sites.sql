begin;

select 1 / (pg_catalog.to_regproc('natsweep.report_sites') is not null)::integer;

rollback;
