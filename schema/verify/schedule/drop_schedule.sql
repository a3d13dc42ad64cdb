begin;

select 1 / (pg_catalog.to_regproc('natsweep.drop_schedule') is not null)::integer;

rollback;
