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
  insert into natsweep.site_judgement as j (site_id, public_address, shared_address, alg, changed_at, failing_since, flapping_until, cause, cure)
  select l.site_id, l.public_address, a.shared, natsweep.alg_word(r.sip_alg, r.generic_alg), t.changed_at,
    case when (natsweep.outcome_words())[l.outcome] <> 'supported' then t.failing_since end,
    case when t.flap_at > t.newest_at - flapping then t.flap_at + flapping end, w.cause[1], nullif(w.cause[2], '')
  from natsweep.site_last l
  join natsweep.site s on s.site_id = l.site_id
  join natsweep.sweep_result r on r.site_id = l.site_id and r.at = l.at and r.sweep_id = l.sweep_id
  cross join lateral (
    select exists (
      select from natsweep.site_last o join natsweep.site c on c.site_id = o.site_id
      where o.public_address = l.public_address and c.customer_id <> s.customer_id) as shared
  ) as a
  cross join lateral (
    select (select max(c.at) from natsweep.change c where c.site_id = l.site_id) as changed_at,
      max(o.at) as newest_at, max(o.at) filter (where o.before = 'supported') as failing_since,
      max(o.at) filter (where o.place = flaps) as flap_at
    from (
      select c.at, c.before, row_number() over (order by c.at desc, c.sweep_id desc) as place
      from natsweep.change c
      where c.site_id = l.site_id and c.what = 'outcome'
      order by c.at desc, c.sweep_id desc
      limit 20
    ) as o
  ) as t
  cross join lateral (
    select natsweep.site_cause((natsweep.outcome_words())[l.outcome], (natsweep.nat_class_words())[l.nat_class],
      (natsweep.forwarding_words())[l.forwarding], natsweep.alg_word(r.sip_alg, r.generic_alg), r.double_nat, a.shared, l.message,
      (
        select natsweep.port_explanation((natsweep.transport_words())[v.transport], (natsweep.verdict_words())[v.verdict],
          (natsweep.reason_words())[v.reason], v.unsolicited)
        from natsweep.port_verdict v
        where v.site_id = l.site_id and v.at = l.at and v.sweep_id = l.sweep_id and (natsweep.verdict_words())[v.verdict] <> 'pass'
        order by (select sum(upper(p) - lower(p)) from unnest(v.ports) as p) desc, v.batch, v.part
        limit 1)) as cause
  ) as w
  where l.site_id = any (site_ids)
  on conflict (site_id) do update
    set public_address = excluded.public_address, shared_address = excluded.shared_address, alg = excluded.alg,
      changed_at = excluded.changed_at, failing_since = excluded.failing_since, flapping_until = excluded.flapping_until,
      cause = excluded.cause, cure = excluded.cure
    where j is distinct from excluded;
end
$$;

comment on function natsweep.renew_judgement(bigint[]) is 'Renews site_judgement of some sites from their newest sweep, their changes and the addresses of all sites.';

commit;
