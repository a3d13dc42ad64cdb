begin;

select 1 / (pg_catalog.to_regproc('natsweep.as_expected') is not null)::integer;

rollback;
