begin;

select 1 / (pg_catalog.to_regproc('natsweep.stand_alone') is not null)::integer;

rollback;
