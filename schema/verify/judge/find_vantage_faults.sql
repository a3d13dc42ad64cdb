begin;

select 1 / (pg_catalog.to_regproc('natsweep.find_vantage_faults') is not null)::integer;

rollback;
