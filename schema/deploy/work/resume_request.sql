-- Lets a request go on.
begin;
set local role natsweep_owner;

create function natsweep.resume_request(request_id bigint) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  asked constant natsweep.request := natsweep.find_request(request_id);
begin
  if asked.paused_at is null then
    return;
  end if;
  update natsweep.request r
  set paused_at = null, paused_by = null, paused_why = null, resumed_at = now()
  where r.request_id = asked.request_id;
  perform natsweep.note('resume_request', asked.customers, jsonb_build_object('request_id', asked.request_id));
  notify natsweep_work;
end
$$;

comment on function natsweep.resume_request(bigint) is 'Lets a paused request go on; failures so far no longer count against it.';
grant execute on function natsweep.resume_request(bigint) to natsweep_operator;

commit;
