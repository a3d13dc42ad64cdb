-- Asks for sweeps in somebody's name.
begin;
set local role natsweep_owner;

create function natsweep.ask_sweep(who name, selector jsonb, ports text, options jsonb, schedule bigint default null) returns bigint
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  -- A code of our own (classes from I on are free), so that programs can tell "nothing matched" from a misspelt customer.
  no_site constant text := 'NS001';
  ranges_max constant integer := 1024; -- PORT_RANGES_MAX of proto/port_list.h
  sites bigint[];
  customers bigint[];
  workable bigint[];
  agents integer;
  id bigint;
  crowded record;
begin
  select array_agg(t.site_id), array_agg(distinct t.customer_id), count(a.agent_id),
    array_agg(t.site_id) filter (where a.agent_id is not null)
  into sites, customers, agents, workable
  from natsweep.selected_sites(selector, who) t
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
  id := natsweep.add_request(selector, ports, coalesce(options, '{}'), customers, cardinality(sites) - agents, who,
    schedule, workable);
  insert into natsweep.sweep (request_id, site_id, agent_id, expires_at, ranges, ports_total, priority, not_before)
  select r.request_id, a.site_id, a.agent_id, r.expires_at, f.ranges,
    coalesce((select sum(p.last - p.first + 1) from unnest(f.ranges) as p), r.port_count), r.priority,
    -- A site has its place in the spread, the same every night.
    case when r.jitter_s > 0
      then greatest(r.not_before, now()) + (hashint8(a.site_id) & 2147483647) % (r.jitter_s + 1) * interval '1 s'
      else r.not_before end
  from natsweep.request r
  join natsweep.site_agent a on a.site_id = any (workable)
  left join natsweep.failing_ranges(case when ports = '@failing' then workable end) as f on f.site_id = a.site_id
  where r.request_id = id and (ports is distinct from '@failing' or f.ranges is not null)
  order by a.site_id;
  select w.site_id, cardinality(w.ranges) as ranges into crowded
  from natsweep.sweep w
  where w.request_id = id and cardinality(w.ranges) > ranges_max
  limit 1;
  if found then
    raise exception 'at site % the ports that fail make % ranges; % are allowed', crowded.site_id, crowded.ranges, ranges_max
      using errcode = 'invalid_parameter_value', hint = 'Ask for the whole profile there.';
  end if;
  perform natsweep.note('request_sweep', customers,
    jsonb_build_object('request_id', id, 'selector', selector, 'ports', ports, 'options', options, 'sites', agents,
      'schedule_id', schedule), who);
  notify natsweep_work;
  return id;
end
$$;

comment on function natsweep.ask_sweep(name, jsonb, text, jsonb, bigint) is
  'What request_sweep() does, with the rights and in the name of a role.';

commit;
