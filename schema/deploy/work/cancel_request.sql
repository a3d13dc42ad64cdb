-- Cancels what is not done.
begin;
set local role natsweep_owner;

create function natsweep.cancel_request(request_id bigint) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  cancelled integer;
begin
  if not exists (
    select from natsweep.request r
    where r.request_id = cancel_request.request_id and (natsweep.sees_all() or r.customers <@ natsweep.my_customers()))
  then
    raise exception 'there is no request %', request_id using errcode = 'no_data_found';
  end if;
  cancelled := natsweep.sweep_step_all(
    array(
      select s.sweep_id
      from natsweep.sweep s
      join natsweep.sweep_state t on t.state = s.state
      where s.request_id = cancel_request.request_id and not t.final),
    'cancelled', 'cancelled by ' || session_user);
  if cancelled > 0 then
    update natsweep.request r
    set cancelled_by = session_user, cancelled_at = now()
    where r.request_id = cancel_request.request_id and r.cancelled_by is null;
  end if;
  perform natsweep.note('cancel_request',
    (select r.customers from natsweep.request r where r.request_id = cancel_request.request_id),
    jsonb_build_object('request_id', request_id, 'cancelled', cancelled));
  notify natsweep_work;
  return cancelled;
end
$$;

comment on function natsweep.cancel_request(bigint) is
  'Cancels the sweeps of a request that have not ended; returns how many. Agents that are at it are told to stop, and what they '
  'know is still stored.';
grant execute on function natsweep.cancel_request(bigint) to natsweep_operator;

commit;
