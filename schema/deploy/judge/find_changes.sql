-- What changed at sites, found in the facts.
begin;
set local role natsweep_owner;

create function natsweep.find_changes(site_ids bigint[], since timestamptz[]) returns setof natsweep.change
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  -- A sweep is compared with the one before of as many ports; so many others may lie between them, and so much time.
  memory constant integer := 8;
  reach constant interval := '100 days';
begin
  return query
    with judged as (
      select d.since, r.site_id, r.at, r.sweep_id, r.outcome, r.nat_class, r.public_address, r.sip_alg, r.generic_alg,
        r.family::text, format('%s %s', r.family, r.port_count) as plan
      from unnest(site_ids, since) as d (site_id, since)
      cross join lateral (
        (select * from natsweep.sweep_result n where n.site_id = d.site_id and n.at >= d.since)
        union all
        (
          select * from natsweep.sweep_result o
          where o.site_id = d.site_id and o.at < d.since and o.at > d.since - reach
          order by o.at desc, o.sweep_id desc
          limit memory
        )
      ) as r
      where (natsweep.outcome_words())[r.outcome] not in ('cancelled', 'interrupted')
        and not exists (
          select from natsweep.vantage_fault f where f.site_id = r.site_id and f.at = r.at and f.sweep_id = r.sweep_id)
    ), compared as (
      select j.since, j.site_id, j.at, j.sweep_id, v.what, v.value as after, lag(v.value) over in_time as before
      from judged j
      cross join lateral (values
        ('outcome', j.plan, (natsweep.outcome_words())[j.outcome]),
        ('nat_class', j.family, nullif((natsweep.nat_class_words())[j.nat_class], 'unknown')),
        ('public_address', j.family, host(j.public_address)),
        ('alg', j.family, natsweep.alg_word(j.sip_alg, j.generic_alg))
      ) as v (what, series, value)
      where v.value is not null
      window in_time as (partition by j.site_id, v.what, v.series order by j.at, j.sweep_id)
    ), pair as (
      select j.*, lag(j.at) over in_time as before_at, lag(j.sweep_id) over in_time as before_id
      from judged j
      window in_time as (partition by j.site_id, j.plan order by j.at, j.sweep_id)
    )
    select c.site_id, c.at, c.sweep_id, c.what, c.before, c.after
    from compared c
    where c.at >= c.since and c.before <> c.after
    union all
    select p.site_id, p.at, p.sweep_id, 'ports',
      coalesce(string_agg(natsweep.port_list(n.transport, o.bad * (n.good + n.bad)), ','), 'none'),
      coalesce(string_agg(natsweep.port_list(n.transport, n.bad * (o.good + o.bad)), ','), 'none')
    from pair p
    -- offset 0 keeps each of these a search by key; as plain joins they would group all the facts there are.
    cross join lateral (
      select * from natsweep.sweep_ports s where s.site_id = p.site_id and s.at = p.at and s.sweep_id = p.sweep_id offset 0) as n
    cross join lateral (
      select * from natsweep.sweep_ports s
      where s.site_id = p.site_id and s.at = p.before_at and s.sweep_id = p.before_id and s.transport = n.transport offset 0) as o
    where p.at >= p.since
    group by p.site_id, p.at, p.sweep_id
    having bool_or(n.bad && o.good or n.good && o.bad);
end
$$;

comment on function natsweep.find_changes(bigint[], timestamptz[]) is
  'The changes that the facts show at each of some sites from a time on. Outcome and ports are compared with the sweep before of '
  'as many ports, the rest with the last sweep of the same address family that knew it; what a server''s fault spoiled is left '
  'out.';

commit;
