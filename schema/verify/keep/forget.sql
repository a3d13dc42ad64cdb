begin;

select 1 / (pg_catalog.to_regproc('natsweep.forget') is not null)::integer;

rollback;
