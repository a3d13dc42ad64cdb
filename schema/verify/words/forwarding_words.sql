begin;

select 1 / (pg_catalog.to_regproc('natsweep.forwarding_words') is not null)::integer;

rollback;
