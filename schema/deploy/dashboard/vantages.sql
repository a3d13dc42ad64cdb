-- The health of the servers.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_vantages() returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
begin atomic
  select coalesce(jsonb_agg(jsonb_build_object('name', v.name, 'stun_server', v.stun_server, 'turn_server', v.turn_server,
      'sip_echo', v.sip_echo, 'outage', e.outage) order by v.position, v.name), '[]')
  from natsweep.vantage v
  left join lateral (
    select to_jsonb(n) as outage
    from natsweep.vantage_event n
    -- A sweep names a server with or without its port.
    where (n.server_name = '' or v.stun_server in (n.server_name, n.server_name || ':3478'))
      and n.last_seen > now() - interval '7 days'
    order by n.last_seen desc
    limit 1
  ) as e on true;
end;

comment on function natsweep.dashboard_vantages() is
  'The servers that sites are swept against, each with its last outage of the last seven days.';
grant execute on function natsweep.dashboard_vantages() to natsweep_viewer;

commit;
