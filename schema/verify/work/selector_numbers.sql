begin;

select 1 / (pg_catalog.to_regproc('natsweep.selector_numbers') is not null)::integer;

rollback;
