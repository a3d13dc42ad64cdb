begin;

select 1 / (pg_catalog.to_regproc('natsweep.expect_words') is not null)::integer;

rollback;
