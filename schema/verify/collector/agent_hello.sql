begin;

select 1 / (pg_catalog.to_regproc('natsweep.agent_hello') is not null)::integer;

rollback;
