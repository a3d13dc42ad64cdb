begin;

select 1 / (pg_catalog.to_regproc('natsweep.within_budget') is not null)::integer;

rollback;
