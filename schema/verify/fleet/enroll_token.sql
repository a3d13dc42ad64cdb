begin;

select 1 / (pg_catalog.to_regclass('natsweep.enroll_token') is not null)::integer;

rollback;
