begin;

select 1 / (pg_catalog.to_regtype('natsweep.label') is not null)::integer;

rollback;
