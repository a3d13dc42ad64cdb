begin;

select 1 / (pg_catalog.to_regproc('natsweep.agent_keys') is not null)::integer;

rollback;
