-- Writes down what befell an agent.
begin;
set local role natsweep_owner;

create function natsweep.agent_befell(agent_id bigint, what text, who name default null, detail text default '') returns void
  language sql set search_path = pg_catalog, pg_temp
begin atomic
  insert into natsweep.agent_event (site_id, agent_id, what, who, detail)
  select a.site_id, a.agent_id, agent_befell.what, agent_befell.who, agent_befell.detail
  from natsweep.agent a
  where a.agent_id = agent_befell.agent_id;
end;

comment on function natsweep.agent_befell(bigint, text, name, text) is 'Adds an entry to agent_event.';

commit;
