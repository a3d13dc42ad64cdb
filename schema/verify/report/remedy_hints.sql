begin;

select 1 / (pg_catalog.to_regproc('natsweep.remedy_hints') is not null)::integer;

rollback;
