begin;

select 1 / (pg_catalog.to_regproc('natsweep.give_up_deliveries') is not null)::integer;

rollback;
