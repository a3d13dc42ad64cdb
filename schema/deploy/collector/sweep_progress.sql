-- How far sweeps are.
begin;
set local role natsweep_owner;

create function natsweep.sweep_progress(collector_id bigint, agent_ids bigint[], sweep_ids bigint[], generations integer[],
    ports_done integer[], remaining_ms bigint[])
  returns void
  language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  update natsweep.sweep s
  set ports_done = least(p.ports_done, s.ports_total), remaining_ms = p.remaining_ms, progress_at = now()
  from unnest(sweep_progress.agent_ids, sweep_progress.sweep_ids, sweep_progress.generations, sweep_progress.ports_done,
    sweep_progress.remaining_ms) as p (agent_id, sweep_id, generation, ports_done, remaining_ms)
  where s.sweep_id = p.sweep_id and s.agent_id = p.agent_id and s.generation = p.generation
    and s.collector_id = sweep_progress.collector_id and s.state in ('sent', 'accepted', 'running');
end;

comment on function natsweep.sweep_progress(bigint, bigint[], bigint[], integer[], integer[], bigint[]) is
  'Notes how far sweeps are. What another agent, an older generation or another collector says is ignored, and nobody has done '
  'more ports than were asked for.';
grant execute on function natsweep.sweep_progress(bigint, bigint[], bigint[], integer[], integer[], bigint[]) to natsweep_collector;

commit;
