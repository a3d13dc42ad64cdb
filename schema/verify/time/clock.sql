begin;

select 1 / (pg_catalog.to_regclass('natsweep.clock') is not null)::integer;

rollback;
