-- Ports that fail and are not needed, because another one works in their stead.
begin;
set local role natsweep_owner;

-- By hashing: where statistics say that little is asked for, the planner would pair each report with the ports of all.
create function natsweep.spared_ports(items integer[], sweep_ids bigint[], parts natsweep.part_in[])
  returns table (item integer, ports integer, unforwarded integer)
  language plpgsql stable set search_path = pg_catalog, pg_temp set enable_nestloop = off
as $$
#variable_conflict use_column
begin
  return query
    with asked as materialized (
      select s.sweep_id, s.request_id from natsweep.sweep s where s.sweep_id = any (sweep_ids)
    ), grouped as materialized (
      select o.request_id, g.transport, g.alternative, (natsweep.expect_words())[g.expect] as expect,
        int4range(g.first, g.last, '[]') as ports
      from natsweep.request o
      cross join lateral unnest(natsweep.request_groups(o)) as g
      where o.request_id = any (array(select distinct a.request_id from asked a))
    )
    select q.item, sum(q.size)::integer,
      coalesce(sum(q.size) filter (where q.arrives is false and q.expect <> 'closed'), 0)::integer
    from (
      select j.*, bool_or(j.good) over (partition by j.item, j.alternative) as works
      from (
        select r.item, g.alternative, g.expect, coalesce(p.unsolicited, p.inbound) as arrives,
          natsweep.as_expected((natsweep.verdict_words())[p.verdict], g.expect, p.unsolicited) as good,
          (select sum(upper(n) - lower(n)) from unnest(p.ports * int4multirange(g.ports)) as n) as size
        from unnest(items, sweep_ids) as r (item, sweep_id)
        join asked a on a.sweep_id = r.sweep_id
        join grouped g on g.request_id = a.request_id
        join unnest(parts) as p on p.item = r.item and p.transport = g.transport and p.ports && g.ports
      ) as j
    ) as q
    where not q.good and q.works
    group by q.item;
end
$$;

comment on function natsweep.spared_ports(integer[], bigint[], natsweep.part_in[]) is
  'Of each report how many ports are not as hoped but of a group of alternatives in which another one is, and how many of them '
  'nothing from outside reached. Agents count such ports as good.';

commit;
