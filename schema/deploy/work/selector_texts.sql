-- The texts of one key of a selector.
begin;
set local role natsweep_owner;

create function natsweep.selector_texts(selector jsonb, key text) returns text[]
  language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
declare
  value constant jsonb := selector -> key;
  texts text[];
begin
  if value is null then
    return null;
  end if;
  if jsonb_typeof(value) = 'string' then
    return array[value #>> '{}'];
  end if;
  if jsonb_typeof(value) = 'array' and jsonb_array_length(value) > 0
    and not exists (select from jsonb_array_elements(value) as v where jsonb_typeof(v) <> 'string') then
    return array(select jsonb_array_elements_text(value));
  end if;
  raise exception 'selector: "%" must be a text or a list of texts, not %', key, value using errcode = 'invalid_parameter_value';
end
$$;

comment on function natsweep.selector_texts(jsonb, text) is 'A text or a list of texts as a list; null when the key is absent.';

commit;
