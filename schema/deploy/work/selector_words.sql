-- The words of one key of a selector as numbers.
begin;
set local role natsweep_owner;

create function natsweep.selector_words(selector jsonb, key text, words text[]) returns smallint[]
  language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
declare
  texts constant text[] := natsweep.selector_texts(selector, key);
  wrong text;
begin
  select t into wrong from unnest(texts) as t where t <> all (words) limit 1;
  if found then
    raise exception 'selector: "%" is none of the words of "%"', wrong, key
      using errcode = 'invalid_parameter_value', hint = 'Known: ' || array_to_string(words, ', ') || '.';
  end if;
  return (select array_agg(array_position(words, t)::smallint) from unnest(texts) as t);
end
$$;

comment on function natsweep.selector_words(jsonb, text, text[]) is
  'The numbers of the words of a key; null when the key is absent.';

commit;
