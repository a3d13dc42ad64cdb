begin;

select 1 / (pg_catalog.to_regtype('natsweep.port_range') is not null)::integer;

rollback;
