-- Ends a schedule.
begin;
set local role natsweep_owner;

create function natsweep.drop_schedule(schedule_id bigint) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  known constant natsweep.schedule := natsweep.find_schedule(schedule_id);
begin
  delete from natsweep.schedule s where s.schedule_id = known.schedule_id;
  perform natsweep.note('drop_schedule', known.customers, jsonb_build_object('schedule_id', known.schedule_id, 'name', known.name));
end
$$;

comment on function natsweep.drop_schedule(bigint) is 'Ends a schedule. What it has asked goes on.';
grant execute on function natsweep.drop_schedule(bigint) to natsweep_operator;

commit;
