begin;

select 1 / (pg_catalog.to_regclass('natsweep.profile_port') is not null)::integer;

rollback;
