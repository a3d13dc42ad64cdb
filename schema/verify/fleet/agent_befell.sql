begin;

select 1 / (pg_catalog.to_regproc('natsweep.agent_befell') is not null)::integer;

rollback;
