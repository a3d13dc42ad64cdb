begin;

select 1 / (pg_catalog.to_regproc('natsweep.tick') is not null)::integer;

rollback;
