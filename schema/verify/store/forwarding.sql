begin;

select 1 / (pg_catalog.to_regproc('natsweep.forwarding') is not null)::integer;

rollback;
