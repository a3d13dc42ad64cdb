begin;

select 1 / (pg_catalog.to_regtype('natsweep.command') is not null)::integer;

rollback;
