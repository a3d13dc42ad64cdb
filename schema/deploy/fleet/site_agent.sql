-- The agent that works for a site.
begin;
set local role natsweep_owner;

create view natsweep.site_agent with (security_invoker) as
  select distinct on (a.site_id) a.site_id, a.agent_id,
    -- Three heartbeats of the collector's ten seconds missed is offline, whatever its last word was.
    coalesce(s.connected and s.last_seen > now() - interval '45 s', false) as online, s.last_seen
  from natsweep.agent a
  left join natsweep.agent_seen s on s.site_id = a.site_id and s.agent_id = a.agent_id
  where a.state = 'active'
  order by a.site_id, s.connected desc nulls last, s.last_seen desc nulls last, a.agent_id desc;

comment on view natsweep.site_agent is 'The active agent of each site; of several the one that is connected or was seen last.';
comment on column natsweep.site_agent.site_id is 'The site.';
comment on column natsweep.site_agent.agent_id is 'Its agent.';
comment on column natsweep.site_agent.online is 'Whether it is connected now.';
comment on column natsweep.site_agent.last_seen is 'Its last sign of life.';
grant select on natsweep.site_agent to natsweep_viewer;

commit;
