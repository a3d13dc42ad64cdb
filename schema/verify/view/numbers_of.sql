begin;

select 1 / (pg_catalog.to_regproc('natsweep.numbers_of') is not null)::integer;

rollback;
