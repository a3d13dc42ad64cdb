begin;

select 1 / (pg_catalog.to_regproc('natsweep.move_agent') is not null)::integer;

rollback;
