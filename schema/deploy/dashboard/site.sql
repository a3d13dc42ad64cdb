-- A site.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_site(asked jsonb) returns jsonb
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  id constant bigint := natsweep.dashboard_find_site(asked);
begin
  return jsonb_build_object(
    'site', (select to_jsonb(s) from natsweep.site_status s where s.site_id = id),
    'agent', (
      select to_jsonb(a) from natsweep.agent_status a
      where a.site_id = id and a.state <> 'revoked'
      order by a.online desc, a.agent_id desc
      limit 1),
    'sweeps', natsweep.dashboard_sweeps(id),
    'days', coalesce((
      select jsonb_agg(jsonb_build_array(d.day, d.outcome, d.nat_class, d.pass_rate, d.pass_count, d.fail_count) order by d.day)
      from natsweep.site_daily d
      where d.site_id = id and d.day > (now() at time zone 'utc')::date - 90), '[]'),
    'changes', coalesce((
      select jsonb_agg(to_jsonb(c) order by c.at desc)
      from (
        select g.at, g.what, g.before, g.after from natsweep.site_change g where g.site_id = id order by g.at desc, g.what limit 30
      ) as c), '[]'));
end
$$;

comment on function natsweep.dashboard_site(jsonb) is
  'All about one site but its ports: its judgement, its agent, its last sweeps, ninety days and what changed.';
grant execute on function natsweep.dashboard_site(jsonb) to natsweep_viewer;

commit;
