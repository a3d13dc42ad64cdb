-- Agents that are no longer connected.
begin;
set local role natsweep_owner;

create function natsweep.agents_gone(collector_id bigint, agent_ids bigint[]) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  update natsweep.agent_seen s
  set connected = false
  from natsweep.agent a
  where a.agent_id = any (agents_gone.agent_ids)
    and s.site_id = a.site_id and s.agent_id = a.agent_id and s.collector_id = agents_gone.collector_id;
end;

comment on function natsweep.agents_gone(bigint, bigint[]) is 'Notes that agents are gone, unless they have said hello elsewhere.';
grant execute on function natsweep.agents_gone(bigint, bigint[]) to natsweep_collector;

commit;
