-- Lets an agent work.
begin;
set local role natsweep_owner;

create function natsweep.approve_agent(agent_id bigint) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  known natsweep.agent;
begin
  select a.* into known
  from natsweep.agent a
  join natsweep.site s on s.site_id = a.site_id
  where a.agent_id = approve_agent.agent_id and a.state <> 'revoked' and natsweep.may_see_customer(s.customer_id);
  if not found then
    raise exception 'there is no agent % that could be approved', agent_id
      using errcode = 'no_data_found', hint = 'A revoked agent has to enrol again with a new key.';
  end if;
  if known.state = 'active' then
    return;
  end if;
  perform natsweep.make_room(known.site_id, agent_id, session_user);
  update natsweep.agent a
  set state = 'active', decided_by = session_user, decided_at = now()
  where a.agent_id = approve_agent.agent_id;
  perform natsweep.agent_befell(agent_id, 'approved', session_user);
  perform natsweep.note_agent('approve_agent', agent_id);
  notify natsweep_agent;
end
$$;

comment on function natsweep.approve_agent(bigint) is 'Lets a pending agent work; whoever worked at its site is shut out.';
grant execute on function natsweep.approve_agent(bigint) to natsweep_operator;

commit;
