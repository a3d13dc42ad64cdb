begin;

do $$
declare
  wrong text;
begin
  -- As Citus has it: h is by hash; n with t is a reference table.
  select string_agg(p.name, ', ' order by p.position)
  into wrong
  from natsweep_citus.placement p
  left join pg_catalog.pg_dist_partition d on d.logicalrelid = format('natsweep.%I', p.name)::regclass
  where p.place is distinct from
    case
      when d.logicalrelid is null then 'local'
      when d.partmethod = 'h' then 'distributed'
      when d.repmodel = 't' then 'reference'
    end;
  if wrong is not null then
    raise exception 'not where the list of placements has them: %', wrong;
  end if;
  select string_agg(c.relname, ', ' order by c.relname)
  into wrong
  from pg_catalog.pg_class c
  where c.relnamespace = 'natsweep'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and c.relname not in (select p.name from natsweep_citus.placement p);
  if wrong is not null then
    raise exception 'not in the list of placements: %', wrong;
  end if;
  if (select count(distinct d.colocationid) from pg_catalog.pg_dist_partition d
      join natsweep_citus.placement p on d.logicalrelid = format('natsweep.%I', p.name)::regclass
      where p.place = 'distributed') <> 1 then
    raise exception 'the distributed tables are not colocated';
  end if;
end
$$;

rollback;
