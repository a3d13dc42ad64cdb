begin;

select 1 / (pg_catalog.to_regproc('natsweep.in_quiet_hours') is not null)::integer;

rollback;
