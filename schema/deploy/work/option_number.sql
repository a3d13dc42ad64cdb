-- A number among the options.
begin;
set local role natsweep_owner;

create function natsweep.option_number(options jsonb, key text, fallback integer, lowest integer, highest integer) returns integer
  language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
declare
  value constant text := options ->> key;
begin
  if value is null then
    return fallback;
  end if;
  if value !~ '^[0-9]{1,9}$' or value::integer not between lowest and highest then
    raise exception 'options: "%" must be a whole number from % to %, not "%"', key, lowest, highest, value
      using errcode = 'invalid_parameter_value';
  end if;
  return value;
end
$$;

comment on function natsweep.option_number(jsonb, text, integer, integer, integer) is
  'The number of a key, the fallback when it is absent, an error when it is none or out of bounds.';

commit;
