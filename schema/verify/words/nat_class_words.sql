begin;

select 1 / (pg_catalog.to_regproc('natsweep.nat_class_words') is not null)::integer;

rollback;
