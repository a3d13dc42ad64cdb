begin;

select 1 / (pg_catalog.to_regproc('natsweep.need_partitions') is not null)::integer;

rollback;
