begin;

select 1 / (pg_catalog.to_regclass('natsweep.fleet_daily') is not null)::integer;

rollback;
