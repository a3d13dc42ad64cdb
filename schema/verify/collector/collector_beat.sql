begin;

select 1 / (pg_catalog.to_regproc('natsweep.collector_beat') is not null)::integer;

rollback;
