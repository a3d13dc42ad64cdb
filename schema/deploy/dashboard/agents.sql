-- Agents that need a look.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_agents() returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object(
    'total', count(*), 'online', count(*) filter (where a.online), 'pending', count(*) filter (where a.state = 'pending'),
    'lost', coalesce(sum(a.spool_lost), 0), 'cloned', count(*) filter (where a.cloned),
    'offline', coalesce((
      select jsonb_agg(to_jsonb(o) order by o.last_seen nulls first, o.site)
      from (
        select n.site_id, n.customer, n.site, n.hostname, n.last_seen, n.state
        from natsweep.agent_status n
        where n.state = 'active' and not n.online
        order by n.last_seen nulls first, n.site
        limit 8
      ) as o), '[]'))
  from natsweep.agent_status a
  where a.state <> 'revoked';
end;

comment on function natsweep.dashboard_agents() is
  'How many agents there are and how they are, and the eight that are away for longest.';
grant execute on function natsweep.dashboard_agents() to natsweep_viewer;

commit;
