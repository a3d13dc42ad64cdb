begin;

select 1 / (pg_catalog.to_regclass('natsweep.rejected_report') is not null)::integer;

rollback;
