begin;

select 1 / (pg_catalog.to_regproc('natsweep.note') is not null)::integer;

rollback;
