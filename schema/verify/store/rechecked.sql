begin;

select 1 / (pg_catalog.to_regproc('natsweep.rechecked') is not null)::integer;

rollback;
