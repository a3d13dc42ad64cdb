begin;

select 1 / (pg_catalog.to_regproc('natsweep.check_label') is not null)::integer;

rollback;
