begin;

select 1 / (pg_catalog.to_regclass('natsweep.change') is not null)::integer;

rollback;
