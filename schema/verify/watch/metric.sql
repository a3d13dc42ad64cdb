begin;

select 1 / (pg_catalog.to_regclass('natsweep.metric') is not null)::integer;

rollback;
