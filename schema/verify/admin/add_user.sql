begin;

select 1 / (pg_catalog.to_regproc('natsweep.add_user') is not null)::integer;

rollback;
