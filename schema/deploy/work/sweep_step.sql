-- The one function that writes the state of sweeps.
begin;
set local role natsweep_owner;

-- Never by a table scan, as claim_sweeps().
create function natsweep.sweep_step(sweep_ids bigint[], events text[], details text[], by_collector bigint,
    outcomes smallint[] default null)
  returns table (sweep_id bigint, state text)
  language plpgsql set search_path = pg_catalog, pg_temp set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  -- A report may take this long from the agent's disk to ours before the sweep is called lost.
  grace constant interval := '60 s';
begin
  -- Locked in one order, so that two batches cannot wait for each other, and before the states are read, so that of two racing
  -- events the later one sees what the earlier one did.
  perform from natsweep.sweep s where s.sweep_id = any (sweep_ids) order by s.sweep_id for update;
  return query
    update natsweep.sweep s
    set state = t."to",
      state_at = now(),
      message = coalesce(e.detail, s.message),
      at = case when t.event = 'claimed' then coalesce(s.at, now()) else s.at end,
      generation = s.generation + t.hands_over::integer,
      collector_id = case when t.hands_over then by_collector else s.collector_id end,
      tell_agent = t.tells_agent,
      outcome = coalesce(e.outcome, s.outcome),
      ports_done = case when t."to" = 'done' then s.ports_total else s.ports_done end,
      lost_at = case t."to"
        when 'sent' then greatest(s.expires_at, now()) + make_interval(secs => r.deadline_s) + grace
        when 'accepted' then greatest(s.expires_at, now()) + make_interval(secs => r.deadline_s) + grace
        when 'running' then now() + make_interval(secs => r.deadline_s) + grace
      end
    from unnest(sweep_ids, events, details, outcomes) as e (sweep_id, event, detail, outcome),
      natsweep.sweep_transition t,
      natsweep.request r
    where s.sweep_id = e.sweep_id and t."from" = s.state and t.event = e.event and r.request_id = s.request_id
      and not (s.retried and t.event = 'adopted') -- its new attempt runs, or will
    returning s.sweep_id, s.state;
end
$$;

comment on function natsweep.sweep_step(bigint[], text[], text[], bigint, smallint[]) is
  'Applies one event to each of some different sweeps as sweep_transition allows and returns those it changed; outcomes come with '
  'reports. Nothing else writes the state.';

commit;
