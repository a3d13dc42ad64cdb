begin;

select 1 / (pg_catalog.to_regproc('natsweep.resends') is not null)::integer;

rollback;
