-- A word that a page asks with.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_word(asked jsonb, key text, words text[]) returns text
  language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
  value constant text := nullif(asked ->> key, '');
begin
  if value <> all (words) then
    raise exception '"%" must be one of %, not "%"', key, array_to_string(words, ', '), left(value, 40)
      using errcode = 'invalid_parameter_value';
  end if;
  return value;
end
$$;

comment on function natsweep.dashboard_word(jsonb, text, text[]) is
  'The word in a key of what a page asks; null when it says nothing; an error that names the key when it is another.';
grant execute on function natsweep.dashboard_word(jsonb, text, text[]) to natsweep_viewer;

commit;
