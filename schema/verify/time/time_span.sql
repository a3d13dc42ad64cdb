begin;

select 1 / (pg_catalog.to_regproc('natsweep.time_span') is not null)::integer;

rollback;
