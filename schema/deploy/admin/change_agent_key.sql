-- An agent is to make itself a new key.
begin;
set local role natsweep_owner;

create function natsweep.change_agent_key(agent_id bigint) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if (natsweep.find_agent(agent_id)).state <> 'active' then
    raise exception 'agent % is not active', agent_id using errcode = 'object_not_in_prerequisite_state';
  end if;
  update natsweep.agent a set new_key_wanted = true where a.agent_id = change_agent_key.agent_id;
  perform natsweep.note_agent('change_agent_key', agent_id);
  notify natsweep_agent;
end
$$;

comment on function natsweep.change_agent_key(bigint) is
  'Has an agent make itself a new key, as soon as it is connected; the old one is good until the new one has been used.';
grant execute on function natsweep.change_agent_key(bigint) to natsweep_operator;

commit;
