begin;

select 1 / (pg_catalog.to_regproc('natsweep.drop_vantage') is not null)::integer;

rollback;
