begin;

select 1 / (count(*) = 2)::integer from pg_catalog.pg_policies where schemaname = 'natsweep' and tablename = 'customer';

rollback;
