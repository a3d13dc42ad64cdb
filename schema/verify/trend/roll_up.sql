begin;

select 1 / (pg_catalog.to_regproc('natsweep.roll_up') is not null)::integer;

rollback;
