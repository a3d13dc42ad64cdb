-- A length of time as a person writes it.
begin;
set local role natsweep_owner;

create function natsweep.time_span(what text, value text) returns interval
  language plpgsql stable strict parallel safe set search_path = pg_catalog, pg_temp
as $$
begin
  -- PostgreSQL takes a bare number for seconds; who writes 7 means days, or minutes.
  if value ~ '^[-+0-9. ]*$' then
    raise invalid_parameter_value;
  end if;
  return value::interval;
exception when others then
  raise exception '"%" must be a length of time with its unit, such as "30 min", not "%"', what, value
    using errcode = 'invalid_parameter_value';
end
$$;

comment on function natsweep.time_span(text, text) is
  'The length of time that a text means; an error that says what it was for when it is none, or has no unit.';
grant execute on function natsweep.time_span(text, text) to natsweep_viewer;

commit;
