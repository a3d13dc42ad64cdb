begin;

select 1 / (pg_catalog.to_regproc('natsweep.grouped_plan') is not null)::integer;

rollback;
