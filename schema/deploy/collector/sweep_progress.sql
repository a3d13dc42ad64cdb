-- How far sweeps are.
begin;
set local role natsweep_owner;

create function natsweep.sweep_progress(collector_id bigint, sweep_ids bigint[], generations integer[], ports_done integer[], ports_total integer[],
    remaining_ms bigint[])
  returns void
  language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  update natsweep.sweep s
  set ports_done = p.ports_done, ports_total = p.ports_total, remaining_ms = p.remaining_ms, progress_at = now()
  from unnest(sweep_progress.sweep_ids, sweep_progress.generations, sweep_progress.ports_done, sweep_progress.ports_total,
    sweep_progress.remaining_ms) as p (sweep_id, generation, ports_done, ports_total, remaining_ms)
  where s.sweep_id = p.sweep_id and s.generation = p.generation and s.collector_id = sweep_progress.collector_id
    and s.state in ('sent', 'accepted', 'running');
end;

comment on function natsweep.sweep_progress(bigint, bigint[], integer[], integer[], integer[], bigint[]) is 'Notes how far running sweeps are.';
grant execute on function natsweep.sweep_progress(bigint, bigint[], integer[], integer[], integer[], bigint[]) to natsweep_collector;

commit;
