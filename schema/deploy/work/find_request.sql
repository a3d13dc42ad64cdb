-- A request that somebody may meddle with.
begin;
set local role natsweep_owner;

create function natsweep.find_request(request_id bigint) returns natsweep.request
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  found_request natsweep.request;
begin
  select r.* into found_request
  from natsweep.request r
  where r.request_id = find_request.request_id and (natsweep.sees_all() or r.customers <@ natsweep.my_customers())
  for update;
  if not found then
    raise exception 'there is no request %', request_id using errcode = 'no_data_found';
  end if;
  if not exists (
    select from natsweep.sweep s join natsweep.sweep_state t on t.state = s.state
    where s.request_id = find_request.request_id and not t.final)
  then
    raise exception 'request % has ended', request_id using errcode = 'object_not_in_prerequisite_state';
  end if;
  return found_request;
end
$$;

comment on function natsweep.find_request(bigint) is
  'Locks and returns a request of that number; an error when there is none that the login role may see, or when it has ended.';

commit;
