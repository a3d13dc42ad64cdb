-- A number that a page asks with.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_number(asked jsonb, key text, fallback bigint, lowest bigint, highest bigint) returns bigint
  language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
  value constant text := nullif(asked ->> key, '');
begin
  if value is null then
    return fallback;
  end if;
  if value !~ '^[0-9]{1,18}$' or value::bigint not between lowest and highest then
    raise exception '"%" must be a whole number from % to %, not "%"', key, lowest, highest, left(value, 40)
      using errcode = 'invalid_parameter_value';
  end if;
  return value;
end
$$;

comment on function natsweep.dashboard_number(jsonb, text, bigint, bigint, bigint) is
  'The number in a key of what a page asks, or the fallback when it says nothing; an error that names the key when it is none.';
grant execute on function natsweep.dashboard_number(jsonb, text, bigint, bigint, bigint) to natsweep_viewer;

commit;
