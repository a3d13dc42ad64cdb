begin;

select 1 / (pg_catalog.to_regproc('natsweep.ask_sweep') is not null)::integer;

rollback;
