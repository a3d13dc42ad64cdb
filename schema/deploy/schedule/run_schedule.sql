-- A schedule's turn.
begin;
set local role natsweep_owner;

create function natsweep.run_schedule(schedule natsweep.schedule) returns natsweep.schedule
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  late constant interval := '1 hour'; -- nobody wants last night's sweeps in working hours
begin
  schedule.last_error := null;
  if now() > schedule.next_run + late then
    raise exception 'nobody was there to ask at %', schedule.next_run;
  end if;
  if exists (
    select from natsweep.sweep s join natsweep.sweep_state t on t.state = s.state
    where s.request_id = schedule.last_request and not t.final)
  then
    raise exception 'request % has not ended', schedule.last_request;
  end if;
  if not pg_has_role(schedule.asked_by, 'natsweep_operator', 'member') then
    raise exception '% may no longer ask for sweeps', schedule.asked_by;
  end if;
  schedule.customers := array(
    select distinct t.customer_id from natsweep.selected_sites(schedule.selector, schedule.asked_by) t order by 1);
  schedule.last_request := natsweep.ask_sweep(schedule.asked_by, schedule.selector, schedule.ports, schedule.options,
    schedule.schedule_id);
  schedule.last_run := now();
  return schedule;
exception when others then
  schedule.last_error := sqlerrm;
  return schedule;
end
$$;

comment on function natsweep.run_schedule(natsweep.schedule) is
  'Asks what a schedule asks, unless it is too late, or its last request still runs, or who made it may not; returns the schedule '
  'with what came of it.';

commit;
