begin;

select 1 / (pg_catalog.to_regproc('natsweep.reason_words') is not null)::integer;

rollback;
