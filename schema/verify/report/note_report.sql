begin;

select 1 / (pg_catalog.to_regproc('natsweep.note_report') is not null)::integer;

rollback;
