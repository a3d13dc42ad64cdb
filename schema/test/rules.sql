-- What holds for every object of the schema, now and for those still to come.
begin;
select no_plan();

-- The objects of the schema; a month of a table of facts is part of that table.
create temporary view relation as
  select c.oid, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.relowner, c.reloptions
  from pg_class c
  where c.relnamespace = 'natsweep'::regnamespace and c.relkind in ('r', 'p', 'v', 'c') and not c.relispartition;
create temporary view routine as
  select p.oid, p.oid::regprocedure as signature, p.proowner, p.prosecdef, p.proconfig, p.prosrc, p.proacl
  from pg_proc p
  where p.pronamespace = 'natsweep'::regnamespace;
create temporary view fact as
  select format('natsweep.%I', f.name)::regclass as oid, f.name from natsweep.fact_table f;

-- Words.
select is_empty($$select relname from relation where obj_description(oid, 'pg_class') is null and relkind <> 'c'$$, 'every table and view has a comment');
select is_empty($$
  select r.relname || '.' || a.attname
  from relation r join pg_attribute a on a.attrelid = r.oid
  where a.attnum > 0 and not a.attisdropped and col_description(r.oid, a.attnum) is null$$,
  'every column has a comment');
select is_empty($$select signature from routine where obj_description(oid, 'pg_proc') is null$$, 'every function has a comment');
select is_empty($$
  select t.typname from pg_type t
  where t.typnamespace = 'natsweep'::regnamespace and (t.typtype = 'd' or t.typrelid in (select oid from relation where relkind = 'c'))
    and obj_description(t.oid, 'pg_type') is null$$,
  'every type has a comment');

-- Access.
select is_empty($$select relname from relation where relowner <> 'natsweep_owner'::regrole$$, 'natsweep_owner owns every relation');
select is_empty($$select signature from routine where proowner <> 'natsweep_owner'::regrole$$, 'natsweep_owner owns every function');
select is_empty($$
  select distinct r.relname
  from relation r join pg_attribute a on a.attrelid = r.oid
  where r.relkind in ('r', 'p') and a.attname in ('customer_id', 'site_id', 'customers') and not a.attisdropped
    and not (r.relrowsecurity and r.relforcerowsecurity)$$,
  'row-level security is forced on every table that tells customers apart');
select is_empty($$
  select c.relname
  from pg_class c
  where c.relnamespace = 'natsweep'::regnamespace and c.relispartition and c.relkind = 'r'
    and not (c.relrowsecurity and c.relforcerowsecurity)$$,
  'and on every month of the facts');
select is_empty($$
  select relname from relation where relkind = 'v' and not coalesce(reloptions, '{}') && '{security_invoker=true,security_invoker=on}'$$,
  'every view has its reader''s rights');
select is_empty($$
  select signature from routine
  where prosecdef and not exists (select from unnest(proconfig) as c where c = 'search_path=pg_catalog, pg_temp')$$,
  'every security definer function has a fixed search path');
select is_empty($$
  select signature from routine r where has_function_privilege('public', r.oid, 'execute')$$,
  'no function is everybody''s');
select is_empty($$
  select r.relname from relation r
  where r.relkind <> 'c' and has_table_privilege('public', r.oid, 'select, insert, update, delete, truncate')$$,
  'no relation is everybody''s');
select is_empty($$
  select r.relname, g.role
  from relation r, unnest('{natsweep_viewer,natsweep_operator,natsweep_admin,natsweep_collector}'::name[]) as g (role)
  where r.relkind <> 'c' and has_table_privilege(g.role, r.oid, 'insert, update, delete, truncate')$$,
  'nobody writes but through functions');
select is_empty($$
  select p.tablename, p.policyname from pg_policies p
  where p.schemaname = 'natsweep' and (p.qual ~* 'current_setting' or p.with_check ~* 'current_setting')$$,
  'no policy asks for a setting');
select is_empty($$
  select c.relname from pg_class c
  where c.relnamespace = 'natsweep'::regnamespace and c.relkind in ('r', 'p')
    and exists (select from aclexplode(c.relacl) x where x.grantee = 'natsweep_viewer'::regrole and x.privilege_type = 'SELECT')
    and (select count(*) from aclexplode(c.relacl) x where x.grantee <> c.relowner) > 1$$,
  'a table is granted once');

select is_empty($$select signature from routine where prosrc ~* 'advisory'$$, 'nobody waits for a lock that everybody may take');

-- Facts, so that the schema distributes.
select isnt_empty('select oid from fact', 'there are facts');
select is_empty($$
  select f.name, c.conname from fact f join pg_constraint c on f.oid in (c.conrelid, c.confrelid) where c.contype in ('f', 'c')$$,
  'facts have no foreign key, none points to them, and they have no checks');
select is_empty($$select f.name, t.tgname from fact f join pg_trigger t on t.tgrelid = f.oid$$, 'facts have no triggers');
select is_empty($$
  select f.name from fact f where not exists (select from pg_index i where i.indrelid = f.oid)$$,
  'every fact has a key, or an index where report_batch has the key');
select is_empty($$
  select f.name, i.indexrelid::regclass
  from fact f join pg_index i on i.indrelid = f.oid
  join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
  where a.attname <> 'site_id'$$,
  'site_id is first in every key and index of facts');
select is_empty($$
  select f.name from fact f
  where pg_get_partkeydef(f.oid) is distinct from 'RANGE (at)'$$,
  'facts are partitioned by at');
select is_empty($$
  select c.relname from pg_class c
  where c.relnamespace = 'natsweep'::regnamespace and c.relispartition and c.relkind <> 'r'
    and not exists (select from pg_index i where i.indexrelid = c.oid)$$,
  'a month of facts is not partitioned further');

-- Made where the day begins at another time.
create temporary view month as
  with m as materialized ( -- or names of other relations are read as months
    select c.oid, c.relname, f.oid as fact, pg_get_expr(c.relpartbound, c.oid) as bound
    from fact f join pg_inherits i on i.inhparent = f.oid join pg_class c on c.oid = i.inhrelid)
  select * from m;
do $$
declare
  last regclass;
begin
  for last in select max(m.oid)::regclass from month m group by m.fact loop
    execute format('drop table %s', last);
  end loop;
end
$$;
set local timezone = 'Asia/Kolkata';
select is(natsweep.make_partitions(), (select count(*)::integer from fact), 'upkeep makes the month that each fact lacks');
set local timezone = 'utc';
select is_empty($$
  select m.relname, m.bound from month m
  where m.bound <> format('FOR VALUES FROM (''%s 00:00:00+00'') TO (''%s 00:00:00+00'')',
    to_date(right(m.relname, 7), 'YYYY_MM'), (to_date(right(m.relname, 7), 'YYYY_MM') + interval '1 month')::date)$$,
  'a month of facts is one of UTC, wherever it was made');
select is(current_setting('citus.multi_shard_modify_mode', true), 'sequential', 'upkeep of partitions has shards changed one by one');
select set_eq(
  $$select signature::text from routine where prosrc ~* '(create|drop|alter) table'$$,
  $$values ('natsweep.make_partitions()')$$,
  'nothing else makes, changes or drops tables');
select ok(
  strpos(prosrc, $$set_config('citus.multi_shard_modify_mode', 'sequential', true)$$) between 1 and strpos(prosrc, 'execute format'),
  'and it says so before it does')
from routine where signature = 'natsweep.make_partitions()'::regprocedure;
select is_empty($$
  select r.relname, a.attname from relation r join pg_attribute a on a.attrelid = r.oid where a.attidentity <> ''$$,
  'no column is an identity');

-- The work queue.
select set_eq(
  $$select signature::text from routine where prosrc ~* 'update\s+natsweep\.sweep\s[^;]*\mset\s[^;]*\mstate\s*='$$,
  $$values ('natsweep.sweep_step(bigint[],text[],text[],bigint,smallint[])')$$,
  'one function writes the state of a sweep');
select set_eq(
  $$select (regexp_matches(signature::text, '^natsweep\.(\w+)'))[1] from routine where prosrc ~* '\mnotify\M' or prosrc ~* 'pg_notify'$$,
  $$values ('ask_sweep'), ('cancel_request'), ('resume_request'), ('enroll_agent'), ('approve_agent'), ('shut_out'), ('move_agent'), ('agent_new_key'), ('agent_key_used'), ('change_agent_key'), ('renew_changes'), ('remove_site'), ('move_site')$$,
  'only rare transactions notify');

select * from finish();
rollback;
