-- One part of a port list.
begin;
set local role natsweep_owner;

create function natsweep.port_item(item text) returns setof natsweep.port_range
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  shown constant text := case when length(item) > 40 then left(item, 37) || '...' else item end;
  part text[];
  first integer;
  last integer;
begin
  if item like '@%' then
    return query
      select p.transport, p.first, p.last, p.role, p.expect, p.alternative
      from natsweep.profile_port p
      where p.profile = substr(item, 2);
    if not found then
      raise exception 'port list: there is no profile "%"', shown
        using errcode = 'invalid_parameter_value',
          hint = (select 'Known: ' || string_agg('@' || p.name, ', ' order by p.name) from natsweep.profile p);
    end if;
    return;
  end if;

  part := regexp_match(item, '^([0-9]{1,9})(?:-([0-9]{1,9}))?/(udp|tcp)$');
  if part is null then
    raise exception 'port list: "%" is not a port, a range or a profile', shown
      using errcode = 'invalid_parameter_value', hint = 'Write 5060/udp, 9000-10999/udp or @3cx, separated by commas.';
  end if;
  first := part[1];
  last := coalesce(part[2], part[1]);
  if first < 1 or last > 65535 or first > 65535 then
    raise exception 'port list: "%" is out of range; ports are 1 to 65535', shown using errcode = 'invalid_parameter_value';
  end if;
  if first > last then
    raise exception 'port list: "%" ends before it begins', shown using errcode = 'invalid_parameter_value';
  end if;
  return query
    select array_position(natsweep.transport_words(), part[3])::smallint, first, last, 1::smallint, 1::smallint, 0::smallint;
end
$$;

comment on function natsweep.port_item(text) is 'The ranges of one part of a port list; an error names the part.';

commit;
