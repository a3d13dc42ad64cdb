-- Cancels, pauses or resumes a request.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_change_request(asked jsonb) returns jsonb
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  id constant bigint := natsweep.dashboard_number(asked, 'request', 0, 0, 999999999999999999);
begin
  case natsweep.dashboard_word(asked, 'action', '{cancel,pause,resume}')
    when 'cancel' then perform natsweep.cancel_request(id);
    when 'pause' then perform natsweep.pause_request(id);
    when 'resume' then perform natsweep.resume_request(id);
    else raise exception '"action" must be cancel, pause or resume' using errcode = 'invalid_parameter_value';
  end case;
  return natsweep.dashboard_request(asked);
end
$$;

comment on function natsweep.dashboard_change_request(jsonb) is
  'Does to a request what action says (cancel, pause, resume) and returns how far it is.';
grant execute on function natsweep.dashboard_change_request(jsonb) to natsweep_operator;

commit;
