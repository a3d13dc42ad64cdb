-- A time that a page asks with.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_time(asked jsonb, key text) returns timestamptz
  language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
  value constant text := nullif(asked ->> key, '');
begin
  if value !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]{5,15}(Z|[+-][0-9:]{2,6})?)?$' then
    raise exception '"%" must be a time such as 2026-01-31 or 2026-01-31T12:00:00Z, not "%"', key, left(value, 40)
      using errcode = 'invalid_parameter_value';
  end if;
  return value::timestamptz;
exception when datetime_field_overflow or invalid_datetime_format then
  raise exception '"%": there is no such time as "%"', key, left(value, 40) using errcode = 'invalid_parameter_value';
end
$$;

comment on function natsweep.dashboard_time(jsonb, text) is
  'The time in a key of what a page asks; null when it says nothing; an error that names the key when it is none.';
grant execute on function natsweep.dashboard_time(jsonb, text) to natsweep_viewer;

commit;
