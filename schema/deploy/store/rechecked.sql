-- What a sweep comes to after some of its ports were looked at again.
begin;
set local role natsweep_owner;

create function natsweep.rechecked(base natsweep.site_last)
  returns table (outcome smallint, forwarding smallint, pass_count integer, fail_count integer, unjudged_count integer)
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  return query
    with asked as (
      select v.transport, h.expect, h.alternative, (natsweep.verdict_words())[v.verdict] = 'inconclusive' as inconclusive,
        v.ports * int4multirange(int4range(h.first, h.last, '[]')) as ports
      from natsweep.port_verdict v
      join natsweep.port_plan k on k.plan_id = v.plan_id
      join lateral unnest(k.ranges) as h on h.transport = v.transport and v.ports && int4range(h.first, h.last, '[]')
      where v.site_id = base.site_id and v.at = base.base_at and v.sweep_id = base.base_sweep_id
    ), judged as (
      select a.transport, a.alternative, l.ports * a.ports as ports, (natsweep.expect_words())[a.expect] = 'open' as wanted,
        natsweep.as_expected((natsweep.verdict_words())[v.verdict], (natsweep.expect_words())[a.expect], v.unsolicited) as good,
        coalesce(v.unsolicited, v.inbound) as arrives
      from (
        select s.transport, s.expect, s.alternative, range_agg(s.ports) as ports
        from asked s
        group by s.transport, s.expect, s.alternative
      ) as a
      join natsweep.port_last l on l.site_id = base.site_id and l.transport = a.transport and l.judged and l.at >= base.base_at
        and l.ports && a.ports
      join natsweep.port_verdict v on v.site_id = l.site_id and v.at = l.at and v.sweep_id = l.sweep_id and v.batch = l.batch
        and v.part = l.part
    ), counted as (
      select j.*, (select sum(upper(r) - lower(r)) from unnest(j.ports) as r) as size,
        not j.good and j.alternative <> 0 and bool_or(j.good) over (partition by j.alternative) as spared
      from judged j
    ), summed as (
      select coalesce(sum(c.size) filter (where c.good or c.spared), 0)::integer as pass,
        coalesce(sum(c.size) filter (where not c.good and not c.spared), 0)::integer as fail,
        sum(c.size) filter (where c.wanted and c.arrives) as forwarded,
        sum(c.size) filter (where c.wanted and not c.arrives and not c.spared) as unforwarded
      from counted c
    )
    select array_position(natsweep.outcome_words(), case
        when s.pass + s.fail = 0 then 'not_run'
        when s.fail > 0 then case when s.pass > 0 then 'partial' else 'unsupported' end
        when exists (
          select from asked a
          where a.inconclusive
            and not exists (select from counted c where c.alternative <> 0 and c.alternative = a.alternative and c.good)
            and not isempty(a.ports - coalesce((select range_agg(c.ports) from counted c where c.transport = a.transport), '{}')))
        then 'inconclusive'
        else 'supported' end)::smallint,
      natsweep.forwarding(coalesce(s.forwarded, 0)::bigint, coalesce(s.unforwarded, 0)::bigint),
      s.pass, s.fail, base.base_port_count - s.pass - s.fail
    from summed s;
end
$$;

comment on function natsweep.rechecked(natsweep.site_last) is
  'Outcome, forwarding and counts of all ports of a site''s base sweep, each by its newest judgement since then; the same rules '
  'by which an agent concludes a sweep.';

commit;
