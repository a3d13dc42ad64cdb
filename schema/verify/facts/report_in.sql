begin;

select 1 / (pg_catalog.to_regtype('natsweep.report_in') is not null)::integer;

rollback;
