-- The plan of a request.
begin;
set local role natsweep_owner;

create function natsweep.add_request(selector jsonb, ports text, options jsonb, customers bigint[], no_agent integer,
    who name default session_user, schedule bigint default null, sites bigint[] default null)
  returns bigint
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  -- A closed port costs about ten sends in each of its three tests, its answers not counted.
  sends_per_port constant integer := 30;
  set_up_s constant integer := 120;
  no_site constant text := 'NS001'; -- as ask_sweep() has it
  unpaced_pps constant integer := 5000;
  deadline_max_s constant integer := 86400; -- the wire carries no more
  pace constant integer := natsweep.option_number(options, 'pace', 400, 0, 5000);
  patience_s constant integer := natsweep.option_number(options, 'patience_s', 60, 0, 3600);
  expires_s constant integer := natsweep.option_number(options, 'expires_s', 3600, 1, 2592000);
  jitter_s constant integer := natsweep.option_number(options, 'jitter_s', 0, 0, 86400);
  not_before constant timestamptz := natsweep.option_time(options, 'not_before');
  ranges natsweep.port_range[];
  port_count integer;
  id bigint;
begin
  perform natsweep.check_options(options);
  ranges := case
    when ports is distinct from '@failing' then array(select p from natsweep.parse_ports(ports) as p)
    when sites is not null then coalesce((select f.ranges from natsweep.failing_ranges(sites, true) as f), '{}')
    else array(select p from natsweep.parse_ports('1/udp') as p) end; -- for what is only tried
  if cardinality(ranges) = 0 then
    raise exception 'no port is known to fail at the sites that match %; nothing was asked', selector using errcode = no_site;
  end if;
  port_count := (select sum(p.last - p.first + 1) from unnest(ranges) as p);
  insert into natsweep.request (selector, ports, options, asked_by, expires_at, customers, no_agent, port_count, family, mode,
    pace_pps, patience_s, deadline_s, transports, firsts, lasts, roles, expects, alternatives, priority, not_before, jitter_s,
    quiet_hours, time_zone, in_flight_max, per_address_max, stop_percent, attempts, schedule_id)
  select selector, ports, options, who, greatest(not_before, now()) + make_interval(secs => expires_s + jitter_s), customers,
    no_agent, port_count, coalesce(options ->> 'family', '4')::smallint,
    array_position(natsweep.mode_words(), coalesce(options ->> 'mode', 'auto')), pace, patience_s,
    natsweep.option_number(options, 'deadline_s',
      least(set_up_s + patience_s + port_count * sends_per_port / coalesce(nullif(pace, 0), unpaced_pps), deadline_max_s),
      1, deadline_max_s),
    array_agg(p.transport), array_agg(p.first), array_agg(p.last), array_agg(p.role), array_agg(p.expect), array_agg(p.alternative),
    natsweep.option_number(options, 'priority', 0, 0, 100), not_before, jitter_s,
    options ->> 'quiet_hours', coalesce(options ->> 'time_zone', 'UTC'),
    natsweep.option_number(options, 'in_flight', null, 1, 100000),
    natsweep.option_number(options, 'per_address', null, 1, 100000),
    natsweep.option_number(options, 'stop_percent', null, 0, 99),
    natsweep.option_number(options, 'attempts', 1, 1, 10), schedule
  from unnest(ranges) as p
  returning request_id into id;
  return id;
end
$$;

comment on function natsweep.add_request(jsonb, text, jsonb, bigint[], integer, name, bigint, bigint[]) is
  'Checks ports and options and stores the request with its plan. The port list @failing means what fails at these sites.';

commit;
