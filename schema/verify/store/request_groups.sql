begin;

select 1 / (pg_catalog.to_regproc('natsweep.request_groups') is not null)::integer;

rollback;
