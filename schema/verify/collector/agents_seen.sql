begin;

select 1 / (pg_catalog.to_regproc('natsweep.agents_seen') is not null)::integer;

rollback;
