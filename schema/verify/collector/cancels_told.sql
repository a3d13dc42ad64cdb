begin;

select 1 / (pg_catalog.to_regproc('natsweep.cancels_told') is not null)::integer;

rollback;
