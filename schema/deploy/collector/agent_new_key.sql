-- An agent has made itself a new key.
begin;
set local role natsweep_owner;

create function natsweep.agent_new_key(agent_id bigint, public_key bytea) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  perform from natsweep.mutex m where m.name = 'enrolment' for update; -- nobody else takes that key meanwhile
  if exists (
    select from natsweep.agent a
    where agent_new_key.public_key in (a.public_key, a.next_public_key) and a.agent_id <> agent_new_key.agent_id)
  then
    return false;
  end if;
  update natsweep.agent a
  set next_public_key = agent_new_key.public_key
  where a.agent_id = agent_new_key.agent_id and a.state = 'active' and a.new_key_wanted
    and a.public_key <> agent_new_key.public_key;
  if not found then
    return false;
  end if;
  notify natsweep_agent;
  return true;
end
$$;

comment on function natsweep.agent_new_key(bigint, bytea) is
  'Takes the key that an agent made, which came by a connection that its old key proved; both are good now. False: nobody asked '
  'for one, or it is another agent''s.';
grant execute on function natsweep.agent_new_key(bigint, bytea) to natsweep_collector;

commit;
