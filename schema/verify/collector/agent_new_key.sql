begin;

select 1 / (pg_catalog.to_regproc('natsweep.agent_new_key') is not null)::integer;

rollback;
