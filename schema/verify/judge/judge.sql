begin;

select 1 / (pg_catalog.to_regproc('natsweep.judge') is not null)::integer;

rollback;
