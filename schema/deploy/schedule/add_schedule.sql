-- A new schedule.
begin;
set local role natsweep_owner;

create function natsweep.add_schedule(name text, cron text, selector jsonb, ports text default '@3cx', options jsonb default '{}',
    time_zone text default 'UTC')
  returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  tried constant text := 'NS000'; -- ours, for the request that is only tried
  plan constant jsonb := coalesce(options, '{}') || jsonb_build_object('time_zone', time_zone);
  sites_of bigint[];
  next timestamptz;
  id bigint;
begin
  perform natsweep.check_label('schedule', name);
  begin
    perform natsweep.add_request(selector, ports, plan, '{}', 0);
    raise exception 'tried' using errcode = tried;
  exception when sqlstate 'NS000' then
    null; -- a request like this can be made
  end;
  if plan ? 'not_before' then
    raise exception 'options: "not_before" is nothing for a schedule; its cron expression says when'
      using errcode = 'invalid_parameter_value';
  end if;
  next := natsweep.cron_next(cron, time_zone, now());
  if natsweep.in_quiet_hours(plan ->> 'quiet_hours', time_zone, next) then
    raise exception 'the schedule would run at %, in its own quiet hours %',
      to_char(next at time zone time_zone, 'HH24:MI'), plan ->> 'quiet_hours'
      using errcode = 'invalid_parameter_value';
  end if;
  sites_of := array(select distinct t.customer_id from natsweep.selected_sites(selector) t order by 1);
  insert into natsweep.schedule (name, cron, time_zone, selector, ports, options, customers, next_run)
  values (add_schedule.name, add_schedule.cron, add_schedule.time_zone, add_schedule.selector, add_schedule.ports, plan,
    sites_of, next)
  returning schedule_id into id;
  perform natsweep.note('add_schedule', sites_of,
    jsonb_build_object('schedule_id', id, 'name', name, 'cron', cron, 'selector', selector, 'ports', ports, 'options', plan));
  return id;
exception when unique_violation then
  raise exception 'you have a schedule "%" already', name using errcode = 'unique_violation';
end
$$;

comment on function natsweep.add_schedule(text, text, jsonb, text, jsonb, text) is
  'Asks for sweeps again and again: at the times of a cron expression on the clocks of a time zone, of the sites that a selector '
  'means then; returns the schedule. Options are those of request_sweep() but not_before.';
grant execute on function natsweep.add_schedule(text, text, jsonb, text, jsonb, text) to natsweep_operator;

commit;
