-- Shuts an agent out.
begin;
set local role natsweep_owner;

create function natsweep.revoke_agent(agent_id bigint) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  perform natsweep.find_agent(agent_id);
  perform natsweep.shut_out(agent_id, 'revoked', session_user, 'its agent was revoked by ' || session_user);
  perform natsweep.note_agent('revoke_agent', agent_id);
end
$$;

comment on function natsweep.revoke_agent(bigint) is
  'Shuts an agent out for good and cancels its sweeps. Its host can enrol again with a new key.';
grant execute on function natsweep.revoke_agent(bigint) to natsweep_operator;

commit;
