begin;

select 1 / (pg_catalog.to_regclass('natsweep.agent_seen') is not null)::integer;

rollback;
