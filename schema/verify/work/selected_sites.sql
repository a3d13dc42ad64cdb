begin;

select 1 / (pg_catalog.to_regproc('natsweep.selected_sites') is not null)::integer;

rollback;
