begin;

select 1 / (pg_catalog.to_regclass('natsweep.hello_decision') is not null)::integer;

rollback;
