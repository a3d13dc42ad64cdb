-- Holds a schedule or lets it go on.
begin;
set local role natsweep_owner;

create function natsweep.pause_schedule(schedule_id bigint, paused boolean default true) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  known constant natsweep.schedule := natsweep.find_schedule(schedule_id);
begin
  if (known.paused_at is not null) = paused then
    return;
  end if;
  update natsweep.schedule s
  set paused_at = case when paused then now() end, paused_by = case when paused then session_user end, planned_at = now(),
    next_run = natsweep.cron_next(s.cron, s.time_zone, now())
  where s.schedule_id = known.schedule_id;
  perform natsweep.note(case when paused then 'pause_schedule' else 'resume_schedule' end, known.customers,
    jsonb_build_object('schedule_id', known.schedule_id, 'name', known.name));
end
$$;

comment on function natsweep.pause_schedule(bigint, boolean) is
  'Holds a schedule, or lets it go on with its next turn; turns it missed meanwhile are not made up for.';
grant execute on function natsweep.pause_schedule(bigint, boolean) to natsweep_operator;

commit;
