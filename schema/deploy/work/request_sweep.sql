-- Asks for sweeps.
begin;
set local role natsweep_owner;

create function natsweep.request_sweep(selector jsonb, ports text default '@3cx', options jsonb default '{}') returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  -- A code of our own (classes from I on are free), so that programs can tell "nothing matched" from a misspelt customer.
  no_site constant text := 'NS001';
  sites bigint[];
  customers bigint[];
  agents integer;
  id bigint;
begin
  select array_agg(t.site_id), array_agg(distinct t.customer_id), count(a.agent_id)
  into sites, customers, agents
  from natsweep.selected_sites(selector) t
  left join natsweep.site_agent a on a.site_id = t.site_id;
  if sites is null then
    raise exception 'no site matches %; nothing was asked', selector using errcode = no_site;
  end if;
  if agents = 0 then
    raise exception 'of the % sites that match % none has an approved agent; nothing was asked', cardinality(sites), selector
      using errcode = no_site, hint = 'Enrol or approve an agent first.';
  end if;
  if not exists (select from natsweep.vantage) then
    raise exception 'there is no STUN server to sweep against; nothing was asked'
      using errcode = 'object_not_in_prerequisite_state', hint = 'An administrator names one with natsweep.set_vantage().';
  end if;
  id := natsweep.add_request(selector, ports, coalesce(options, '{}'), customers, cardinality(sites) - agents);
  insert into natsweep.sweep (request_id, site_id, agent_id, expires_at, ports_total)
  select r.request_id, a.site_id, a.agent_id, r.expires_at, r.port_count
  from natsweep.request r, natsweep.site_agent a
  where r.request_id = id and a.site_id = any (sites)
  order by a.site_id;
  notify natsweep_work;
  return id;
end
$$;

comment on function natsweep.request_sweep(jsonb, text, jsonb) is
  'Asks for a sweep of every site that matches the selector and has an approved agent; returns the request. Options: family, mode, pace, patience_s, deadline_s, expires_s. An agent that is offline is waited for until the request expires.';
grant execute on function natsweep.request_sweep(jsonb, text, jsonb) to natsweep_operator;

commit;
