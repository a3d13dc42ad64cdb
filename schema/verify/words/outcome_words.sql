begin;

select 1 / (pg_catalog.to_regproc('natsweep.outcome_words') is not null)::integer;

rollback;
