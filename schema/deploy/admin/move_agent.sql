-- An agent goes to another site.
begin;
set local role natsweep_owner;

create function natsweep.move_agent(agent_id bigint, customer text, site text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  known constant natsweep.agent := natsweep.find_agent(agent_id);
  target constant bigint := natsweep.find_site(customer, site);
  -- The event stays with the site that it leaves, whose customer need not know the other one.
  whither constant text := case
    when (select s.customer_id from natsweep.site s where s.site_id = known.site_id) = natsweep.find_customer(customer)
    then format('to %s / %s', customer, site) else 'to another customer' end;
begin
  if known.state = 'revoked' then
    raise exception 'agent % is revoked', agent_id
      using errcode = 'object_not_in_prerequisite_state', hint = 'Its host can enrol again.';
  end if;
  if known.site_id = target then
    return;
  end if;
  -- What it measured so far is about the site that it leaves.
  perform natsweep.sweep_step_all(
    array(
      select w.sweep_id
      from natsweep.sweep w
      where w.agent_id = move_agent.agent_id and w.state in ('queued', 'sent', 'accepted', 'running')),
    'cancelled', 'its agent was moved by ' || session_user);
  perform natsweep.agent_befell(agent_id, 'moved', session_user, whither);
  if known.state = 'active' then
    perform natsweep.make_room(target, agent_id, session_user);
  end if;
  update natsweep.agent a set site_id = target where a.agent_id = move_agent.agent_id;
  update natsweep.agent_seen s set site_id = target where s.site_id = known.site_id and s.agent_id = move_agent.agent_id;
  perform natsweep.note_agent('move_agent', agent_id);
  notify natsweep_agent;
end
$$;

comment on function natsweep.move_agent(bigint, text, text) is
  'Lets an agent work for another site from now on. Its open sweeps are cancelled, and an agent that worked there is shut out.';
grant execute on function natsweep.move_agent(bigint, text, text) to natsweep_operator;

commit;
