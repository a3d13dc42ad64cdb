begin;

select 1 / (pg_catalog.to_regproc('natsweep.create_token') is not null)::integer;

rollback;
