-- The numbers of one key of a selector.
begin;
set local role natsweep_owner;

create function natsweep.selector_numbers(selector jsonb, key text) returns bigint[]
  language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
declare
  texts constant text[] := natsweep.selector_texts(selector, key);
  wrong text;
begin
  select t into wrong from unnest(texts) as t where t !~ '^[0-9]{1,18}$' limit 1;
  if found then
    raise exception 'selector: "%" is no number, as "%" must be', wrong, key using errcode = 'invalid_parameter_value';
  end if;
  return texts::bigint[];
end
$$;

comment on function natsweep.selector_numbers(jsonb, text) is
  'The numbers of a key, which are written as texts; null when the key is absent.';

commit;
