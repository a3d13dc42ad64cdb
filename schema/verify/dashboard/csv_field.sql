begin;

select 1 / (pg_catalog.to_regproc('natsweep.dashboard_csv_field') is not null)::integer;

rollback;
