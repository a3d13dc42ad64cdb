begin;

select 1 / (pg_catalog.to_regproc('natsweep.plan_ids') is not null)::integer;

rollback;
