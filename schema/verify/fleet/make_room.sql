begin;

select 1 / (pg_catalog.to_regproc('natsweep.make_room') is not null)::integer;

rollback;
