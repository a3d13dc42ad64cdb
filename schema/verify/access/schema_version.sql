begin;

select 1 / (pg_catalog.to_regproc('natsweep.schema_version') is not null)::integer;

rollback;
