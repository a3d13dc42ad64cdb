-- Keeps the judgement of sites true.
begin;
set local role natsweep_owner;

create function natsweep.renew_judgement(site_ids bigint[]) returns void
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  -- So many changes of the outcome within so long are no repair and no breakdown: something comes and goes.
  flaps constant integer := 4;
  flapping constant interval := '7 days';
begin
  with shared as (
    select l.public_address
    from natsweep.site_last l
    join natsweep.site s on s.site_id = l.site_id
    where l.public_address in (select m.public_address from natsweep.site_last m where m.site_id = any (site_ids))
    group by l.public_address
    having count(distinct s.customer_id) > 1
  ), site as (
    select l.*, (natsweep.outcome_words())[l.outcome] as outcome_word,
      l.public_address in (select h.public_address from shared h) is true as shared,
      r.sip_alg, r.generic_alg, r.double_nat, t.*, v.port_cause
    from natsweep.site_last l
    -- offset 0 keeps each of these a search by key.
    cross join lateral (
      select f.sip_alg, f.generic_alg, f.double_nat
      from natsweep.sweep_result f
      where f.site_id = l.site_id and f.at = l.at and f.sweep_id = l.sweep_id
      offset 0
    ) as r
    cross join lateral (
      select max(o.at) as newest_at, max(o.at) filter (where o.before = 'supported') as failing_since,
        max(o.at) filter (where o.place = flaps) as flap_at
      from (
        select c.at, c.before, row_number() over (order by c.at desc) as place
        from natsweep.change c
        where c.site_id = l.site_id and c.what = 'outcome'
        order by c.at desc
        limit 20
      ) as o
    ) as t
    left join lateral (
      select natsweep.port_explanation((natsweep.transport_words())[p.transport], (natsweep.verdict_words())[p.verdict],
        (natsweep.reason_words())[p.reason], p.unsolicited) as port_cause
      from natsweep.port_verdict p
      where p.site_id = l.site_id and p.at between coalesce(l.base_at, l.at) and l.at
        -- After a recheck what an earlier sweep said of the other ports still holds.
        and (p.at = l.at and p.sweep_id = l.sweep_id or exists (
          select from natsweep.port_last o
          where o.site_id = p.site_id and o.at = p.at and o.sweep_id = p.sweep_id and o.batch = p.batch and o.part = p.part))
        and exists (
          select from natsweep.port_plan k
          cross join lateral unnest(k.ranges) as h
          where k.plan_id = p.plan_id and h.transport = p.transport and p.ports && int4range(h.first, h.last, '[]')
            and natsweep.as_expected(
              (natsweep.verdict_words())[p.verdict], (natsweep.expect_words())[h.expect], p.unsolicited) is not true
            and not (h.alternative <> 0 and natsweep.alternative_works(p.site_id, p.at, p.sweep_id, h.alternative)))
      order by (natsweep.verdict_words())[p.verdict] = 'wrong_host' desc,
        (select sum(upper(g) - lower(g)) from unnest(p.ports) as g) desc, p.batch, p.part
      limit 1
    ) as v on true
    where l.site_id = any (site_ids)
  )
  insert into natsweep.site_judgement as j (site_id, sweep_id, public_address, shared_address, alg, changed_at, failing_since,
    flapping_until, cause, cure)
  select i.site_id, i.sweep_id, i.public_address, i.shared, natsweep.alg_word(i.sip_alg, i.generic_alg),
    (select max(c.at) from natsweep.change c where c.site_id = i.site_id),
    case when i.outcome_word <> 'supported' then i.failing_since end,
    case when i.flap_at > i.newest_at - flapping then i.flap_at + flapping end, w.cause[1], nullif(w.cause[2], '')
  from site i
  cross join lateral (
    select natsweep.site_cause(i.outcome_word, (natsweep.nat_class_words())[i.nat_class],
      (natsweep.forwarding_words())[i.forwarding], natsweep.alg_word(i.sip_alg, i.generic_alg), i.double_nat, i.shared,
      i.message, i.port_cause) as cause
    offset 0
  ) as w
  on conflict (site_id) do update
    set sweep_id = excluded.sweep_id, public_address = excluded.public_address, shared_address = excluded.shared_address,
      alg = excluded.alg, changed_at = excluded.changed_at, failing_since = excluded.failing_since,
      flapping_until = excluded.flapping_until,
      cause = excluded.cause, cure = excluded.cure
    where j is distinct from excluded;
end
$$;

comment on function natsweep.renew_judgement(bigint[]) is
  'Renews site_judgement of some sites from their newest sweep, their changes and the addresses of all sites.';

commit;
