begin;

select 1 / (pg_catalog.to_regproc('natsweep.alg_word') is not null)::integer;

rollback;
