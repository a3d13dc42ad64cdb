-- An agent that somebody may meddle with.
begin;
set local role natsweep_owner;

create function natsweep.find_agent(agent_id bigint) returns natsweep.agent
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  known natsweep.agent;
begin
  select a.* into known
  from natsweep.agent a
  join natsweep.site s on s.site_id = a.site_id
  where a.agent_id = find_agent.agent_id and natsweep.may_see_customer(s.customer_id)
  for update of a;
  if not found then
    raise exception 'there is no agent %', agent_id using errcode = 'no_data_found';
  end if;
  return known;
end
$$;

comment on function natsweep.find_agent(bigint) is
  'The agent of that number, locked; an error when there is none that the login role may see.';

commit;
