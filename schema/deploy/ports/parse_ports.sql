-- Port lists as people write them.
begin;
set local role natsweep_owner;

create function natsweep.parse_ports(ports text) returns setof natsweep.port_range
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  ranges_max constant integer := 1024; -- PORT_RANGES_MAX of proto/port_list.h
  udp int4multirange := '{}';
  tcp int4multirange := '{}';
  fresh int4multirange;
  item record;
  parsed natsweep.port_range[] := '{}';
begin
  if coalesce(btrim(ports), '') = '' then
    raise exception 'port list: it is empty'
      using errcode = 'invalid_parameter_value', hint = 'Write 5060/udp, 9000-10999/udp or @3cx.';
  end if;
  -- Before any part is looked at: their work grows with the square of their number.
  if cardinality(string_to_array(ports, ',')) > ranges_max then
    raise exception 'port list: it has % parts; % are allowed', cardinality(string_to_array(ports, ',')), ranges_max
      using errcode = 'invalid_parameter_value', hint = 'Ask for ranges, as 9000-10999/udp.';
  end if;
  -- A port that a profile knows keeps the profile's role, whatever else names it.
  for item in
    select p.*
    from unnest(string_to_array(ports, ',')) with ordinality as i (part, place)
    cross join lateral natsweep.port_item(btrim(i.part)) as p
    order by i.part not like '%@%', i.place, p.first
  loop
    fresh := int4multirange(int4range(item.first, item.last, '[]')) - case item.transport when 1 then udp else tcp end;
    if item.transport = 1 then
      udp := udp + fresh;
    else
      tcp := tcp + fresh;
    end if;
    parsed := parsed || array(
      select row(item.transport, lower(r), upper(r) - 1, item.role, item.expect, item.alternative)::natsweep.port_range
      from unnest(fresh) as r);
  end loop;
  if cardinality(parsed) > ranges_max then
    raise exception 'port list: it has % ranges; % are allowed', cardinality(parsed), ranges_max
      using errcode = 'invalid_parameter_value';
  end if;
  return query
    select p.transport, lower(r), upper(r) - 1, p.role, p.expect, p.alternative
    from (
      select transport, role, expect, alternative, range_agg(int4range(first, last, '[]')) as ports
      from unnest(parsed)
      group by transport, role, expect, alternative
    ) as p
    cross join lateral unnest(p.ports) as r
    order by p.transport, lower(r);
end
$$;

comment on function natsweep.parse_ports(text) is
  'Reads 5060/udp,5060-5061/tcp,@3cx: disjoint ranges, ascending by transport, then port. An error names the offending part.';
grant execute on function natsweep.parse_ports(text) to natsweep_viewer;

commit;
