-- The ports of a site in ranges.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_ports(asked jsonb) returns jsonb
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  id constant bigint := natsweep.dashboard_find_site(asked);
  swept_at constant timestamptz := natsweep.dashboard_time(asked, 'at');
  sweep constant bigint := natsweep.dashboard_number(asked, 'sweep', null, 0, 999999999999999999);
begin
  return (
    select jsonb_build_object('ranges', coalesce(jsonb_agg(to_jsonb(r) order by r.transport desc, r.first), '[]'))
    from (
      select w.transport, lower(p) as first, upper(p) - 1 as last, w.role, w.expect, w.verdict, w.reason,
        natsweep.as_expected(w.verdict, w.expect, v.unsolicited) as as_expected,
        v.reached, v.preserved, v.inbound, v.unsolicited, v.live, v.at, v.sweep_id,
        x.words[1] as cause,
        case
          when w.expect = 'closed' and w.verdict = 'pass' then 'It should be closed: remove the forward.'
          when w.expect = 'open' then x.words[2]
        end as cure
      from natsweep.dashboard_verdicts(id, swept_at, sweep) v
      join natsweep.port_plan k on k.plan_id = v.plan_id
      join lateral unnest(k.ranges) as h on h.transport = v.transport and v.ports && int4range(h.first, h.last, '[]')
      cross join lateral (
        select (natsweep.transport_words())[v.transport] as transport, (natsweep.verdict_words())[v.verdict] as verdict,
          (natsweep.reason_words())[v.reason] as reason, (natsweep.role_words())[h.role] as role,
          (natsweep.expect_words())[h.expect] as expect
      ) as w
      cross join lateral (select natsweep.port_explanation(w.transport, w.verdict, w.reason, v.unsolicited) as words) as x
      cross join lateral unnest(v.ports * int4multirange(int4range(h.first, h.last, '[]'))) as p
      limit 70000
    ) as r);
end
$$;

comment on function natsweep.dashboard_ports(jsonb) is
  'The ports of a site in ranges that share verdict and facts, with cause and cure: as they are, or as one sweep (at, sweep) '
  'found them.';
grant execute on function natsweep.dashboard_ports(jsonb) to natsweep_viewer;

commit;
