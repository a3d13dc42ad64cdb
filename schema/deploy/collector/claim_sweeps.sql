-- A collector takes work for its agents.
begin;
set local role natsweep_owner;

create function natsweep.claim_sweeps(collector_id bigint, agent_ids bigint[], max_count integer) returns setof natsweep.command
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  server_max constant integer := (select v.in_flight_max from natsweep.vantage v order by v.position, v.vantage_id limit 1);
  claimed bigint[];
begin
  if not exists (select from natsweep.collector c where c.collector_id = claim_sweeps.collector_id and c.lease_until > now()) then
    return; -- superseded or asleep for too long: others may hold its agents by now
  end if;
  -- One sweep at a time for an agent: of those that may be sent the one of the highest priority, of these the oldest.
  claimed := array(
    select b.sweep_id
    from unnest(agent_ids) as a (agent_id)
    cross join lateral (
      select s.sweep_id, s.priority
      from (
        -- The fence and the expression keep the planner at sweep_queued: by statistics of an idle queue it would read, for
        -- each agent, all that one request or one hour has queued.
        select * from natsweep.sweep q where q.agent_id = a.agent_id and q.state = 'queued' and q.expires_at + interval '0' > now()
        offset 0
      ) s
      join natsweep.request r on r.request_id = s.request_id
      where (s.not_before is null or s.not_before <= now())
        and r.paused_at is null and (r.quiet_hours is null or not natsweep.in_quiet_hours(r.quiet_hours, r.time_zone, now()))
      order by s.priority desc, s.sweep_id
      limit 1
    ) as b
    -- A scalar query is looked up by index for each agent; 'not exists' became a join that read all that is held for each.
    where (select h.sweep_id from natsweep.sweep h where h.agent_id = a.agent_id and h.state in ('sent', 'accepted', 'running') limit 1) is null
    order by b.priority desc, b.sweep_id);
  if server_max is not null or exists (
    select from natsweep.request r
    where r.expires_at > now() and (r.in_flight_max is not null or r.per_address_max is not null))
  then
    perform from natsweep.mutex m where m.name = 'budget' for update;
    claimed := natsweep.within_budget(claimed, server_max);
  end if;
  claimed := array(
    select s.sweep_id
    from natsweep.sweep s
    where s.sweep_id = any (claimed) and s.state = 'queued'
      and (select h.sweep_id from natsweep.sweep h where h.agent_id = s.agent_id and h.state in ('sent', 'accepted', 'running') limit 1) is null
    order by s.priority desc, s.sweep_id
    limit max_count
    for update of s skip locked);
  perform natsweep.sweep_step_all(claimed, 'claimed', null, collector_id);
  return query select * from natsweep.commands(claimed);
end
$$;

comment on function natsweep.claim_sweeps(bigint, bigint[], integer) is
  'Hands at most so many queued sweeps of these agents to the collector, which has to send them: none that is paused, too early, in its quiet hours or over a budget. Several collectors may ask at once: none gets what another has.';
grant execute on function natsweep.claim_sweeps(bigint, bigint[], integer) to natsweep_collector;

commit;
