-- A plan with its groups of alternatives.
begin;
set local role natsweep_owner;

create function natsweep.grouped_plan(plan natsweep.port_range[], groups natsweep.port_range[]) returns natsweep.port_range[]
  language sql immutable set search_path = pg_catalog, pg_temp
begin atomic
  select coalesce(array_agg(
      row (h.transport, lower(r.range), upper(r.range) - 1, h.role, h.expect, x.alternative)::natsweep.port_range
    order by h.transport, lower(r.range)), '{}')
  from unnest(plan) as h
  cross join lateral (
    select g.alternative, int4multirange(int4range(h.first, h.last, '[]') * int4range(g.first, g.last, '[]')) as ports
    from unnest(groups) as g
    where g.transport = h.transport
    union all
    select 0::smallint,
      int4multirange(int4range(h.first, h.last, '[]')) - coalesce(range_agg(int4range(g.first, g.last, '[]')), '{}')
    from unnest(groups) as g
    where g.transport = h.transport
  ) as x
  cross join lateral unnest(x.ports) as r (range);
end;

comment on function natsweep.grouped_plan(natsweep.port_range[], natsweep.port_range[]) is
  'The ranges of a plan, cut where groups of alternatives begin and end, and each with the number of its group.';

commit;
