begin;

select 1 / (pg_catalog.to_regproc('natsweep.judge_backlog') is not null)::integer;

rollback;
