begin;

select 1 / (pg_catalog.to_regproc('natsweep.check_selector') is not null)::integer;

rollback;
