begin;

select 1 / (pg_catalog.to_regclass('natsweep.report_batch') is not null)::integer;

rollback;
