-- A collector takes work for its agents.
begin;
set local role natsweep_owner;

create function natsweep.claim_sweeps(collector_id bigint, agent_ids bigint[], max_count integer) returns setof natsweep.command
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  claimed bigint[];
begin
  if not exists (select from natsweep.collector c where c.collector_id = claim_sweeps.collector_id and c.lease_until > now()) then
    return; -- superseded or asleep for too long: others may hold its agents by now
  end if;
  -- One sweep at a time for an agent, the oldest first; while another collector holds the oldest, none.
  claimed := array(
    select s.sweep_id
    from unnest(agent_ids) as a (agent_id)
    join natsweep.sweep s on s.agent_id = a.agent_id
    where s.state = 'queued' and s.expires_at > now()
      and not exists (
        select from natsweep.sweep e where e.agent_id = s.agent_id and e.state = 'queued' and e.sweep_id < s.sweep_id)
      and not exists (
        select from natsweep.sweep h where h.agent_id = s.agent_id and h.state in ('sent', 'accepted', 'running'))
    order by s.sweep_id
    limit max_count
    for update of s skip locked);
  perform natsweep.sweep_step_all(claimed, 'claimed', null, collector_id);
  return query select * from natsweep.commands(claimed);
end
$$;

comment on function natsweep.claim_sweeps(bigint, bigint[], integer) is
  'Hands at most so many queued sweeps of these agents to the collector, which has to send them. Several collectors may ask at once: none gets what another has.';
grant execute on function natsweep.claim_sweeps(bigint, bigint[], integer) to natsweep_collector;

commit;
