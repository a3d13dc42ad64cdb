begin;

select 1 / (pg_catalog.to_regproc('natsweep.router_hint') is not null)::integer;

rollback;
