begin;

select 1 / (pg_catalog.to_regproc('natsweep.spare_alternatives') is not null)::integer;

rollback;
