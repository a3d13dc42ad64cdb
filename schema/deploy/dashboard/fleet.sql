-- The fleet at a glance.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_fleet() returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
begin atomic
  with status as materialized (
    select s.outcome, s.nat_class, s.forwarding, s.stale, s.flapping, s.alg, s.shared_address from natsweep.site_status s
  ), counted as (
    select g.what, g.word, count(*) as sites
    from status s
    cross join lateral (
      values ('outcome', coalesce(s.outcome, 'never')), ('nat_class', s.nat_class), ('forwarding', s.forwarding)) as g (what, word)
    where g.word is not null
    group by g.what, g.word
  ), changed as materialized (
    select d.customer, d.site, d.what, d.before, d.after from natsweep.fleet_difference(now() - interval '1 day') d
  )
  select jsonb_build_object(
    'counts', (
      select jsonb_object_agg(c.what, c.words)
      from (select n.what, jsonb_object_agg(n.word, n.sites) as words from counted n group by n.what) as c),
    'sites', (select count(*) from status),
    'stale', (select count(*) from status s where s.stale),
    'flapping', (select count(*) from status s where s.flapping),
    'alg', (select count(*) from status s where s.alg in ('sip', 'generic')),
    'shared', (select count(*) from status s where s.shared_address),
    'trend', natsweep.dashboard_trend(90),
    'changes', jsonb_build_object('total', (select count(*) from changed),
      'rows', coalesce((
        select jsonb_agg(to_jsonb(c))
        from (select * from changed n order by (n.what = 'outcome') desc, n.customer, n.site limit 8) as c), '[]')),
    'vantages', natsweep.dashboard_vantages(),
    'agents', natsweep.dashboard_agents(),
    'failing_ports', coalesce((
      select jsonb_agg(to_jsonb(p))
      from (
        select f.transport, f.first_port, f.last_port, f.sites_failing, f.sites_judged, f.fail_rate
        from natsweep.failing_ports f
        where f.day = (select max(d.day) from natsweep.fleet_daily d where d.day > (now() at time zone 'utc')::date - 30)
        order by f.sites_failing desc, f.first_port
        limit 6
      ) as p), '[]'));
end;

comment on function natsweep.dashboard_fleet() is
  'The fleet at a glance: sites by outcome, class and forwarding, ninety days, what differs from yesterday, servers, agents and '
  'the ports that fail most.';
grant execute on function natsweep.dashboard_fleet() to natsweep_viewer;

commit;
