-- A time or an age in a selector.
begin;
set local role natsweep_owner;

create function natsweep.selector_time(selector jsonb, key text) returns timestamptz
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  value constant text := selector ->> key;
  age interval;
begin
  if selector -> key is null then
    return null;
  end if;
  if jsonb_typeof(selector -> key) <> 'string' then
    raise invalid_parameter_value;
  end if;
  begin
    return value::timestamptz;
  exception when others then
    age := natsweep.time_span(key, value);
  end;
  if age < interval '0' then
    raise invalid_parameter_value;
  end if;
  return now() - age;
exception when others then
  raise exception 'selector: "%" must be a time or an age such as "7 days", not "%"', key, value
    using errcode = 'invalid_parameter_value';
end
$$;

comment on function natsweep.selector_time(jsonb, text) is 'The time a key means: a time as it is, an age counted back from now.';

commit;
