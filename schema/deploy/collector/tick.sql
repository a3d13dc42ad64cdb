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
  due bigint[];
  events text[];
  details text[];
begin
  perform from natsweep.mutex m where m.name = 'tick' for update skip locked;
  if not found then
    return 0;
  end if;
  perform natsweep.see_clock();
  -- Given before the clock was put back, a lease would keep a dead collector alive for as long.
  update natsweep.collector c
  set lease_until = now() + natsweep.collector_lease()
  where c.lease_until > now() + 2 * natsweep.collector_lease();
  changed := changed + natsweep.sweep_step_all(
    array(
      select s.sweep_id
      from natsweep.collector c
      join natsweep.sweep s on s.collector_id = c.collector_id
      where c.lease_until <= now() and s.state = 'sent'
      limit batch),
    'undelivered');
  select array_agg(s.sweep_id), array_agg(case s.state when 'queued' then 'expired' else 'lost' end),
    array_agg(case s.state when 'queued' then 'the agent did not come in time' else 'no report until the deadline' end)
  into due, events, details
  from (select * from natsweep.sweep d where d.due_at <= now() limit batch) as s;
  select count(*) + changed into changed from natsweep.sweep_step(due, events, details, null);
  update natsweep.agent_seen s
  set connected = false
  from natsweep.collector c
  where c.collector_id = s.collector_id and c.lease_until <= now() and s.connected;
  get diagnostics part = row_count;
  changed := changed + part + natsweep.make_partitions() + natsweep.retry_sweeps() + natsweep.stop_requests()
    + natsweep.run_schedules();
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
  'Expires what nobody took, takes back what dead collectors had not delivered, gives up what is past its deadline, keeps '
  'partitions, tries again what failed, stops requests that fail, runs schedules, judges, adds up, forgets what is old. About '
  'once a second from any collector; of several at once one does it. Returns how much changed.';
grant execute on function natsweep.tick() to natsweep_collector;

commit;
