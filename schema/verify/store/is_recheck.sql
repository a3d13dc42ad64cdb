begin;

select 1 / (pg_catalog.to_regproc('natsweep.is_recheck') is not null)::integer;

rollback;
