begin;

select 1 / (pg_catalog.to_regproc('natsweep.change_agent_key') is not null)::integer;

rollback;
