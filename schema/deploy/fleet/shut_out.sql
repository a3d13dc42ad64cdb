-- Ends what an agent may do.
begin;
set local role natsweep_owner;

create function natsweep.shut_out(agent_id bigint, what text, who name, why text) returns void
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  update natsweep.agent a
  set state = 'revoked', decided_by = who, decided_at = now(), next_public_key = null, new_key_wanted = false
  where a.agent_id = shut_out.agent_id;
  perform natsweep.sweep_step_all(
    array(
      select w.sweep_id
      from natsweep.sweep w
      where w.agent_id = shut_out.agent_id and w.state in ('queued', 'sent', 'accepted', 'running')),
    'revoked', why);
  perform natsweep.agent_befell(shut_out.agent_id, what, who, why);
  notify natsweep_agent;
end
$$;

comment on function natsweep.shut_out(bigint, text, name, text) is 'Revokes an agent, cancels its sweeps and says why.';

commit;
