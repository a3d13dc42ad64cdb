begin;

select 1 / (pg_catalog.to_regproc('natsweep.agents_gone') is not null)::integer;

rollback;
