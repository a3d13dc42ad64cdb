begin;

select 1 / (pg_catalog.has_schema_privilege('natsweep_viewer', 'natsweep', 'usage'))::integer;

rollback;
