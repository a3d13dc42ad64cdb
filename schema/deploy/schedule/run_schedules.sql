-- Schedules whose turn it is.
begin;
set local role natsweep_owner;

create function natsweep.run_schedules() returns integer
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  batch constant integer := 20;
  put_back constant interval := '1 min'; -- by more than this no clock is corrected in steps
  known natsweep.schedule;
  turns integer := 0;
begin
  for known in
    select * from natsweep.schedule s
    where s.paused_at is null and (s.next_run <= now() or s.planned_at > now() + put_back)
    order by s.next_run
    limit batch
    for update skip locked
  loop
    if known.next_run <= now() then
      known := natsweep.run_schedule(known);
      turns := turns + 1;
    end if;
    update natsweep.schedule s
    set customers = known.customers, last_request = known.last_request, last_run = known.last_run, last_error = known.last_error,
      planned_at = now(),
      -- A clock put back by hours must not bring the same turn again; one that was years ahead must not stop the schedule.
      next_run = natsweep.cron_next(known.cron, known.time_zone,
        case when known.last_run < now() + interval '1 day' then greatest(known.last_run, now()) else now() end)
    where s.schedule_id = known.schedule_id;
  end loop;
  return turns;
end
$$;

comment on function natsweep.run_schedules() is
  'Gives every schedule its turn that is due, once however many turns were missed, and works out the next; returns how many had '
  'one.';

commit;
