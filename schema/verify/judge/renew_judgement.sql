begin;

select 1 / (pg_catalog.to_regproc('natsweep.renew_judgement') is not null)::integer;

rollback;
