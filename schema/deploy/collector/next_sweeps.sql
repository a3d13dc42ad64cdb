-- What could be claimed.
begin;
set local role natsweep_owner;

create function natsweep.next_sweeps(agent_ids bigint[]) returns bigint[]
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
  return array(
    select b.sweep_id
    from unnest(agent_ids) as a (agent_id)
    cross join lateral (
      select s.sweep_id, s.priority
      from (
        -- Fenced in, or each agent is looked for among all that one request has queued.
        select * from natsweep.sweep q where q.agent_id = a.agent_id and q.state = 'queued' and q.expires_at > now()
        offset 0
      ) s
      join natsweep.request r on r.request_id = s.request_id
      where (s.not_before is null or s.not_before <= now()) and r.paused_at is null
        and (r.quiet_hours is null or not natsweep.in_quiet_hours(r.quiet_hours, r.time_zone, now()))
      order by s.priority desc, s.sweep_id
      limit 1
    ) as b
    -- A scalar query is looked up for each agent; "not exists" becomes a join that compares each with all that is held.
    where (
      select h.sweep_id from natsweep.sweep h where h.agent_id = a.agent_id and h.state in ('sent', 'accepted', 'running') limit 1
    ) is null
    order by b.priority desc, b.sweep_id);
end
$$;

comment on function natsweep.next_sweeps(bigint[]) is
  'For each of these agents that holds no sweep the one to claim next, of those that are not paused, too early or in their quiet '
  'hours: that of the highest priority, of these the oldest.';

commit;
