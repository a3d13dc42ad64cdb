begin;

select 1 / (pg_catalog.to_regproc('natsweep.dashboard_word') is not null)::integer;

rollback;
