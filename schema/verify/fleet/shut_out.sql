begin;

select 1 / (pg_catalog.to_regproc('natsweep.shut_out') is not null)::integer;

rollback;
