-- What happens by the clock.
begin;
set local role natsweep_owner;

create function natsweep.tick() returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  batch constant integer := 10000;
  changed integer := 0;
  part integer;
begin
  perform from natsweep.mutex m where m.name = 'tick' for update skip locked;
  if not found then
    return 0;
  end if;
  changed := changed + natsweep.sweep_step_all(
    array(select s.sweep_id from natsweep.sweep s where s.state = 'queued' and s.expires_at <= now() limit batch),
    'expired', 'the agent did not come in time');
  changed := changed + natsweep.sweep_step_all(
    array(
      select s.sweep_id
      from natsweep.collector c
      join natsweep.sweep s on s.collector_id = c.collector_id
      where c.lease_until <= now() and s.state = 'sent'
      limit batch),
    'undelivered');
  changed := changed + natsweep.sweep_step_all(
    array(
      select s.sweep_id
      from natsweep.sweep s
      where s.state in ('sent', 'accepted', 'running') and s.lost_at <= now()
      limit batch),
    'lost', 'no report until the deadline');
  update natsweep.agent_seen s
  set connected = false
  from natsweep.collector c
  where c.collector_id = s.collector_id and c.lease_until <= now() and s.connected;
  get diagnostics part = row_count;
  changed := changed + part + natsweep.make_partitions() + natsweep.retry_sweeps() + natsweep.stop_requests() + natsweep.run_schedules();
  begin
    changed := changed + natsweep.judge() + natsweep.roll_up() + natsweep.forget() + natsweep.tend_webhooks();
  exception when others then
    -- A judgement that fails must not stop expiry and takeover.
    raise warning 'natsweep: judgement failed: %', sqlerrm;
  end;
  return changed;
end
$$;

comment on function natsweep.tick() is
  'Expires what nobody took, takes back what dead collectors had not delivered, gives up what is past its deadline, keeps partitions, tries again what failed, stops requests that fail, runs schedules, judges, adds up, forgets what is old. About once a second from any collector; of several at once one does it. Returns how much changed.';
grant execute on function natsweep.tick() to natsweep_collector;

commit;
