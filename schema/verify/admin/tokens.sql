begin;

select 1 / (pg_catalog.to_regproc('natsweep.tokens') is not null)::integer;

rollback;
