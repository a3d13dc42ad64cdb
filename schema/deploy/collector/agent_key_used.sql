-- An agent has connected by its new key.
begin;
set local role natsweep_owner;

create function natsweep.agent_key_used(agent_id bigint) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  update natsweep.agent a
  set public_key = a.next_public_key, next_public_key = null, new_key_wanted = false
  where a.agent_id = agent_key_used.agent_id and a.next_public_key is not null;
  if found then
    perform natsweep.agent_befell(agent_id, 'key_changed');
    notify natsweep_agent;
  end if;
end
$$;

comment on function natsweep.agent_key_used(bigint) is 'Ends the old key of an agent that has connected by its new one.';
grant execute on function natsweep.agent_key_used(bigint) to natsweep_collector;

commit;
