begin;

select 1 / (count(*) = 5)::integer
from pg_catalog.pg_roles
where rolname in ('natsweep_owner', 'natsweep_viewer', 'natsweep_operator', 'natsweep_admin', 'natsweep_collector');

rollback;
