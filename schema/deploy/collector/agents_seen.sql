-- Signs of life in batches.
begin;
set local role natsweep_owner;

create function natsweep.agents_seen(collector_id bigint, agent_ids bigint[], spool_depths integer[], spool_lost bigint[],
    addresses text[])
  returns void
  language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  update natsweep.agent_seen s
  set connected = true, last_seen = now(), spool_depth = b.spool_depth, spool_lost = b.spool_lost, address = b.address
  from unnest(agents_seen.agent_ids, agents_seen.spool_depths, agents_seen.spool_lost, agents_seen.addresses)
    as b (agent_id, spool_depth, spool_lost, address)
  join natsweep.agent a on a.agent_id = b.agent_id
  where s.site_id = a.site_id and s.agent_id = a.agent_id and s.collector_id = agents_seen.collector_id;
end;

comment on function natsweep.agents_seen(bigint, bigint[], integer[], bigint[], text[]) is
  'Notes that agents are alive and how full their spools are. An agent that has since said hello elsewhere is that collector''s.';
grant execute on function natsweep.agents_seen(bigint, bigint[], integer[], bigint[], text[]) to natsweep_collector;

commit;
