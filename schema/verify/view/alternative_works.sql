begin;

select 1 / (pg_catalog.to_regproc('natsweep.alternative_works') is not null)::integer;

rollback;
