begin;

select 1 / (pg_catalog.to_regproc('natsweep.judge_again') is not null)::integer;

rollback;
