-- Lets nothing more of a request be sent.
begin;
set local role natsweep_owner;

create function natsweep.pause_request(request_id bigint) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  asked constant natsweep.request := natsweep.find_request(request_id);
begin
  if asked.paused_at is not null then
    return;
  end if;
  update natsweep.request r set paused_at = now(), paused_by = session_user, paused_why = null
    where r.request_id = asked.request_id;
  perform natsweep.note('pause_request', asked.customers, jsonb_build_object('request_id', asked.request_id));
end
$$;

comment on function natsweep.pause_request(bigint) is
  'Holds the sweeps of a request that wait; those that agents have go on. They still expire.';
grant execute on function natsweep.pause_request(bigint) to natsweep_operator;

commit;
