-- Shuts an agent out.
begin;
set local role natsweep_owner;

create function natsweep.revoke_agent(agent_id bigint) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  update natsweep.agent a
  set state = 'revoked', decided_by = session_user, decided_at = now()
  from natsweep.site s
  where a.agent_id = revoke_agent.agent_id and s.site_id = a.site_id and natsweep.may_see_customer(s.customer_id);
  if not found then
    raise exception 'there is no agent %', agent_id using errcode = 'no_data_found';
  end if;
  perform natsweep.sweep_step_all(
    array(
      select w.sweep_id
      from natsweep.sweep w
      where w.agent_id = revoke_agent.agent_id and w.state in ('queued', 'sent', 'accepted', 'running')),
    'revoked', 'its agent was revoked by ' || session_user);
  perform natsweep.note_agent('revoke_agent', agent_id);
  notify natsweep_agent;
end
$$;

comment on function natsweep.revoke_agent(bigint) is 'Shuts an agent out for good and cancels its sweeps. Its host can enrol again with a new key.';
grant execute on function natsweep.revoke_agent(bigint) to natsweep_operator;

commit;
