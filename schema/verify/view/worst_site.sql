begin;

select 1 / (pg_catalog.to_regclass('natsweep.worst_site') is not null)::integer;

rollback;
