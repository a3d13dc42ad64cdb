-- Lets an agent work.
begin;
set local role natsweep_owner;

create function natsweep.approve_agent(agent_id bigint) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  update natsweep.agent a
  set state = 'active', decided_by = session_user, decided_at = now()
  from natsweep.site s
  where a.agent_id = approve_agent.agent_id and a.state <> 'revoked'
    and s.site_id = a.site_id and natsweep.may_see_customer(s.customer_id);
  if not found then
    raise exception 'there is no agent % that could be approved', agent_id
      using errcode = 'no_data_found', hint = 'A revoked agent has to enrol again with a new key.';
  end if;
  perform natsweep.note_agent('approve_agent', agent_id);
  notify natsweep_agent;
end
$$;

comment on function natsweep.approve_agent(bigint) is 'Lets a pending agent work.';
grant execute on function natsweep.approve_agent(bigint) to natsweep_operator;

commit;
