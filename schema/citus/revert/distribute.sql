begin;

-- Citus makes the tables anew, which may take along what depends on them: all of these must still be there in the end.
create temporary view object as
  select p.oid::regprocedure::text as name from pg_catalog.pg_proc p where p.pronamespace = 'natsweep'::regnamespace
  union all
  select format('%I.%I', c.relname, p.polname) from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid
  where c.relnamespace = 'natsweep'::regnamespace
  union all
  select c.relname from pg_catalog.pg_class c
  where c.relnamespace = 'natsweep'::regnamespace and c.relkind in ('r', 'p', 'v', 'i', 'I', 'S');
create temporary table object_before on commit drop as select name from object;

do $$
declare
  name name;
  undo text;
  lost text;
begin
  set local search_path = pg_catalog;
  perform set_config('citus.multi_shard_modify_mode', 'sequential', true);
  for name in select l.name from natsweep_citus.placement l where l.place <> 'local' order by l.position desc loop
    -- One that refers to another has taken it along.
    if exists (select from pg_dist_partition d where d.logicalrelid = format('natsweep.%I', name)::regclass) then
      perform undistribute_table(format('natsweep.%I', name)::regclass, cascade_via_foreign_keys => true);
    end if;
  end loop;
  for undo in select u.statement from natsweep_citus.undo u order by u.position desc loop
    execute undo;
  end loop;
  select string_agg(b.name, ', ' order by b.name) into lost
  from pg_temp.object_before b
  where b.name not in (select o.name from pg_temp.object o);
  if lost is not null then
    raise exception 'going back would lose %', lost
      using hint = 'Nothing was changed. Dump the data and restore it into a database without Citus, '
        'with the schema deployed anew.';
  end if;
end
$$;

drop view pg_temp.object;
drop schema natsweep_citus cascade;

commit;
