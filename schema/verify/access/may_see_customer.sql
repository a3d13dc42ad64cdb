begin;

select 1 / (pg_catalog.to_regproc('natsweep.may_see_customer') is not null)::integer;

rollback;
