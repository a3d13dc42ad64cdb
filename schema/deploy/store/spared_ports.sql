-- Ports that fail and are not needed, because another one works in their stead.
begin;
set local role natsweep_owner;

create function natsweep.spared_ports(items integer[], sweep_ids bigint[], parts natsweep.part_in[])
  returns table (item integer, ports integer, unforwarded integer)
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  return query
    select q.item, sum(q.size)::integer,
      coalesce(sum(q.size) filter (where q.arrives is false and q.expect <> 'closed'), 0)::integer
    from (
      select j.*, bool_or(j.good) over (partition by j.item, j.alternative) as works
      from (
        select r.item, g.alternative, w.expect, coalesce(p.unsolicited, p.inbound) as arrives,
          natsweep.as_expected((natsweep.verdict_words())[p.verdict], w.expect, p.unsolicited) as good,
          (select sum(upper(n) - lower(n)) from unnest(p.ports * int4multirange(int4range(g.first, g.last, '[]'))) as n) as size
        from unnest(items, sweep_ids) as r (item, sweep_id)
        join natsweep.sweep s on s.sweep_id = r.sweep_id
        join natsweep.request o on o.request_id = s.request_id
        cross join lateral unnest(natsweep.request_groups(o)) as g
        cross join lateral (select (natsweep.expect_words())[g.expect] as expect) as w
        join unnest(parts) as p on p.item = r.item and p.transport = g.transport and p.ports && int4range(g.first, g.last, '[]')
      ) as j
    ) as q
    where not q.good and q.works
    group by q.item;
end
$$;

comment on function natsweep.spared_ports(integer[], bigint[], natsweep.part_in[]) is
  'Of each report how many ports are not as hoped but of a group of alternatives in which another one is, and how many of them nothing from outside reached. Agents count such ports as good.';

commit;
