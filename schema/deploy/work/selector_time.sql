-- A time or an age in a selector.
begin;
set local role natsweep_owner;

create function natsweep.selector_time(selector jsonb, key text) returns timestamptz
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  value constant text := selector ->> key;
begin
  begin
    return value::timestamptz;
  exception when others then
    return now() - value::interval;
  end;
exception when others then
  raise exception 'selector: "%" must be a time or an age such as "7 days", not "%"', key, value using errcode = 'invalid_parameter_value';
end
$$;

comment on function natsweep.selector_time(jsonb, text) is 'The time a key means: a time as it is, an age counted back from now.';

commit;
