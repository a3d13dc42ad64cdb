begin;

select 1 / (pg_catalog.to_regproc('natsweep.ports_of') is not null)::integer;

rollback;
