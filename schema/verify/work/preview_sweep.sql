begin;

select 1 / (pg_catalog.to_regproc('natsweep.preview_sweep') is not null)::integer;

rollback;
