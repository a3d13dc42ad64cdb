-- Agents that were told to stop.
begin;
set local role natsweep_owner;

create function natsweep.cancels_told(collector_id bigint, sweep_ids bigint[]) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  update natsweep.sweep s
  set tell_agent = false
  where s.sweep_id = any (cancels_told.sweep_ids) and s.tell_agent and s.collector_id = cancels_told.collector_id;
end;

comment on function natsweep.cancels_told(bigint, bigint[]) is 'Notes that this collector has told the agents of cancelled sweeps.';
grant execute on function natsweep.cancels_told(bigint, bigint[]) to natsweep_collector;

commit;
