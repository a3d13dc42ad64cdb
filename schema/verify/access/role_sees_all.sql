begin;

select 1 / (pg_catalog.to_regproc('natsweep.role_sees_all') is not null)::integer;

rollback;
