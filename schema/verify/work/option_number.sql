begin;

select 1 / (pg_catalog.to_regproc('natsweep.option_number') is not null)::integer;

rollback;
