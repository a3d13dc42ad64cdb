-- Asks for sweeps.
begin;
set local role natsweep_owner;

create function natsweep.request_sweep(selector jsonb, ports text default '@3cx', options jsonb default '{}') returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return natsweep.ask_sweep(session_user, selector, ports, options);
end
$$;

comment on function natsweep.request_sweep(jsonb, text, jsonb) is
  'Asks for a sweep of every site that matches the selector and has an approved agent; returns the request. Options: family, '
  'mode, pace, patience_s, deadline_s, expires_s, priority, not_before, jitter_s, quiet_hours, time_zone, in_flight, per_address, '
  'stop_percent, attempts. As a port list @failing means, at each of these sites, the ports that fail there or could not be '
  'judged; where none does nothing is asked. An agent that is offline is waited for until the request expires.';
grant execute on function natsweep.request_sweep(jsonb, text, jsonb) to natsweep_operator;

commit;
