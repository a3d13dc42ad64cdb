begin;

select 1 / (pg_catalog.to_regproc('natsweep.fleet_difference') is not null)::integer;

rollback;
