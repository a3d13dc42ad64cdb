-- The ports that fail at some sites, as plans.
begin;
set local role natsweep_owner;

create function natsweep.failing_ranges(site_ids bigint[], together boolean default false)
  returns table (site_id bigint, ranges natsweep.port_range[])
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  return query
    with last as (
      select case when not together then d.site_id end as site_id, v.transport, h.role, h.expect, h.alternative,
        v.ports * l.ports * int4multirange(int4range(h.first, h.last, '[]')) as ports
      from unnest(site_ids) as d (site_id)
      join natsweep.port_last l on l.site_id = d.site_id
      join natsweep.port_verdict v on v.site_id = l.site_id and v.at = l.at and v.sweep_id = l.sweep_id and v.batch = l.batch
        and v.part = l.part
      join natsweep.port_plan k on k.plan_id = v.plan_id
      join lateral unnest(k.ranges) as h on h.transport = v.transport and v.ports && int4range(h.first, h.last, '[]')
      cross join lateral (
        select natsweep.as_expected(
          (natsweep.verdict_words())[v.verdict], (natsweep.expect_words())[h.expect], v.unsolicited) as good
      ) as e
      where e.good is not true
        and not (h.alternative <> 0 and natsweep.alternative_works(v.site_id, v.at, v.sweep_id, h.alternative))
    ), hoped as (
      select l.site_id, l.transport, l.role, l.expect, l.alternative, range_agg(l.ports) as ports
      from last l
      group by l.site_id, l.transport, l.role, l.expect, l.alternative
    ), apart as (
      -- Two plans may hope for different things of one port; a command says one.
      select o.*, o.ports - coalesce(range_agg(o.ports) over (
        partition by o.site_id, o.transport
        order by o.alternative desc, o.expect, o.role
        rows between unbounded preceding and 1 preceding), '{}') as own
      from hoped o
    )
    select a.site_id, array_agg(row (a.transport, lower(r), upper(r) - 1, a.role, a.expect, a.alternative)::natsweep.port_range
      order by a.transport, lower(r))
    from apart a
    cross join lateral unnest(a.own) as r
    group by a.site_id;
end
$$;

comment on function natsweep.failing_ranges(bigint[], boolean) is
  'The ports whose newest verdict at each of some sites is not as hoped, or that could not be judged, with what was hoped of '
  'them: what @failing means as a port list. Together: those that fail at any, in one row without a site.';

commit;
