-- A time among the options.
begin;
set local role natsweep_owner;

create function natsweep.option_time(options jsonb, key text) returns timestamptz
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  value constant text := options ->> key;
begin
  begin
    return value::timestamptz;
  exception when others then
    return now() + natsweep.time_span(key, value);
  end;
exception when others then
  raise exception 'options: "%" must be a time or a delay such as "2 hours", not "%"', key, value
    using errcode = 'invalid_parameter_value';
end
$$;

comment on function natsweep.option_time(jsonb, text) is
  'The time a key means: a time as it is, a delay counted from now; null when it is absent.';

commit;
