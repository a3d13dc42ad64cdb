-- What a selector may say.
begin;
set local role natsweep_owner;

create function natsweep.check_selector(selector jsonb, who name default session_user) returns void
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  known constant text[] := '{all,site,site_id,customer,tag,nat_class,outcome,not_checked_since}';
  wrong text;
begin
  if jsonb_typeof(selector) is distinct from 'object' or selector = '{}' then
    raise exception 'selector: say which sites: at least one of %', array_to_string(known, ', ')
      using errcode = 'invalid_parameter_value', hint = 'For every site write {"all": true}.';
  end if;
  select k into wrong from jsonb_object_keys(selector) as k where k <> all (known) limit 1;
  if found then
    raise exception 'selector: unknown key "%"', wrong
      using errcode = 'invalid_parameter_value', hint = 'Known: ' || array_to_string(known, ', ') || '.';
  end if;
  if selector -> 'all' <> 'true' then
    raise exception 'selector: "all" can only be true' using errcode = 'invalid_parameter_value';
  end if;
  -- Of a customer somebody may not see it must not even be told that it exists.
  select t into wrong
  from unnest(natsweep.selector_texts(selector, 'customer')) as t
  where not exists (
    select from natsweep.customer c
    where c.name = t and (natsweep.role_sees_all(who) or c.customer_id = any (natsweep.customers_of(who))))
  limit 1;
  if found then
    raise exception 'selector: there is no customer "%"', wrong using errcode = 'no_data_found';
  end if;
end
$$;

comment on function natsweep.check_selector(jsonb, name) is 'Refuses what is no selector, with a sentence that names the part.';

commit;
