begin;

select 1 / (pg_catalog.to_regproc('natsweep.grant_customer') is not null)::integer;

rollback;
