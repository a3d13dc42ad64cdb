-- A schedule that somebody may meddle with.
begin;
set local role natsweep_owner;

create function natsweep.find_schedule(schedule_id bigint) returns natsweep.schedule
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  found_schedule natsweep.schedule;
begin
  select s.* into found_schedule
  from natsweep.schedule s
  where s.schedule_id = find_schedule.schedule_id
    and (natsweep.sees_all() or s.asked_by = session_user or (s.customers <> '{}' and s.customers <@ natsweep.my_customers()))
  for update;
  if not found then
    raise exception 'there is no schedule %', schedule_id using errcode = 'no_data_found';
  end if;
  return found_schedule;
end
$$;

comment on function natsweep.find_schedule(bigint) is
  'Locks and returns a schedule of that number; an error when there is none that the login role may see.';

commit;
