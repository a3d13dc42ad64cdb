-- Writes down who decided what about an agent.
begin;
set local role natsweep_owner;

create function natsweep.note_agent(what text, agent_id bigint) returns void
  language sql set search_path = pg_catalog, pg_temp
begin atomic
  select natsweep.note(what, array[s.customer_id],
    jsonb_build_object('agent_id', a.agent_id, 'customer', c.name, 'site', s.name, 'hostname', a.hostname))
  from natsweep.agent a
  join natsweep.site s on s.site_id = a.site_id
  join natsweep.customer c on c.customer_id = s.customer_id
  where a.agent_id = note_agent.agent_id;
end;

comment on function natsweep.note_agent(text, bigint) is 'Adds an entry about an agent to audit, with the names that it has now.';

commit;
