begin;

select 1 / (pg_catalog.to_regproc('natsweep.revoke_token') is not null)::integer;

rollback;
