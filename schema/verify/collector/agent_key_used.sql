begin;

select 1 / (pg_catalog.to_regproc('natsweep.agent_key_used') is not null)::integer;

rollback;
