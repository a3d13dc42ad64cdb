begin;

select 1 / (pg_catalog.to_regproc('natsweep.option_time') is not null)::integer;

rollback;
