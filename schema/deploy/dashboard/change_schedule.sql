-- Pauses, resumes or drops a schedule.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_change_schedule(asked jsonb) returns jsonb
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  id constant bigint := natsweep.dashboard_number(asked, 'schedule', 0, 0, 999999999999999999);
begin
  case natsweep.dashboard_word(asked, 'action', '{pause,resume,drop}')
    when 'pause' then perform natsweep.pause_schedule(id);
    when 'resume' then perform natsweep.pause_schedule(id, false);
    when 'drop' then perform natsweep.drop_schedule(id);
    else raise exception '"action" must be pause, resume or drop' using errcode = 'invalid_parameter_value';
  end case;
  return jsonb_build_object('schedule_id', id);
end
$$;

comment on function natsweep.dashboard_change_schedule(jsonb) is
  'Does to a schedule what action says: pause, resume, drop.';
grant execute on function natsweep.dashboard_change_schedule(jsonb) to natsweep_operator;

commit;
