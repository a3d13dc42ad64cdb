begin;

select 1 / (pg_catalog.to_regproc('natsweep.selector_words') is not null)::integer;

rollback;
