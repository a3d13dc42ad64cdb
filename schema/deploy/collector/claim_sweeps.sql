-- A collector takes work for its agents.
begin;
set local role natsweep_owner;

-- Never by a table scan: a plan made when there had hardly been a sweep is still in use when thousands are queued.
create function natsweep.claim_sweeps(collector_id bigint, agent_ids bigint[], max_count integer) returns setof natsweep.command
  language plpgsql security definer set search_path = pg_catalog, pg_temp set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  server_max constant integer := (select v.in_flight_max from natsweep.vantage v order by v.position, v.vantage_id limit 1);
  budgeted constant boolean := server_max is not null or exists (
    select from natsweep.request r
    where r.expires_at > now() and (r.in_flight_max is not null or r.per_address_max is not null));
  claimed bigint[];
begin
  if not exists (select from natsweep.collector c where c.collector_id = claim_sweeps.collector_id and c.lease_until > now()) then
    return; -- superseded or asleep for too long: others may hold its agents by now
  end if;
  if budgeted then
    perform from natsweep.mutex m where m.name = 'budget' for update;
  end if;
  claimed := natsweep.next_sweeps(agent_ids);
  if budgeted then
    claimed := natsweep.within_budget(claimed, server_max);
  end if;
  claimed := array(
    select s.sweep_id
    from unnest(claimed) as c (sweep_id)
    join natsweep.sweep s on s.sweep_id = c.sweep_id
    -- Not "state = 'queued'", for which the planner may read all that is queued, once for each.
    join natsweep.sweep_transition t on t."from" = s.state and t.event = 'claimed'
    order by s.priority desc, s.sweep_id
    limit max_count
    for update of s skip locked);
  perform natsweep.sweep_step_all(claimed, 'claimed', null, collector_id);
  return query select * from natsweep.commands(claimed);
end
$$;

comment on function natsweep.claim_sweeps(bigint, bigint[], integer) is
  'Hands at most so many queued sweeps of these agents to the collector, which has to send them: none that is paused, too early, '
  'in its quiet hours or over a budget. Several collectors may ask at once: none gets what another has.';
grant execute on function natsweep.claim_sweeps(bigint, bigint[], integer) to natsweep_collector;

commit;
