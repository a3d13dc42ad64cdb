begin;

select 1 / (pg_catalog.to_regproc('natsweep.see_clock') is not null)::integer;

rollback;
