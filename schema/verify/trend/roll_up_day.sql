begin;

select 1 / (pg_catalog.to_regproc('natsweep.roll_up_day') is not null)::integer;

rollback;
