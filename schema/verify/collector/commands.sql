begin;

select 1 / (pg_catalog.to_regproc('natsweep.commands') is not null)::integer;

rollback;
