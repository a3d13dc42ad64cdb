begin;

select 1 / (pg_catalog.to_regproc('natsweep.sees_all') is not null)::integer;

rollback;
