begin;

-- Set, or not ours to set.
select 1 / (
  exists (
    select
    from pg_catalog.pg_db_role_setting s
    where s.setdatabase = d.oid and s.setrole = 0 and 'jit=off' = any (s.setconfig))
  or not pg_catalog.pg_has_role(d.datdba, 'member'))::integer
from pg_catalog.pg_database d
where d.datname = current_database();

rollback;
