-- The selector for what a page has selected.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_selector(asked jsonb) returns jsonb
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  filter constant jsonb := (select coalesce(jsonb_object_agg(f.key, f.value), '{}') from jsonb_each(asked -> 'filter') f
    where f.value <> '""' and f.key = any ('{q,customer,tag,outcome,nat_class,forwarding,state}'));
  ids jsonb;
begin
  if jsonb_typeof(asked -> 'sites') = 'array' then
    return jsonb_build_object('site_id', asked -> 'sites');
  end if;
  if jsonb_typeof(asked -> 'filter') is distinct from 'object' then
    raise exception 'say which sites: "sites", a list of numbers, or "filter"' using errcode = 'invalid_parameter_value';
  end if;
  if filter = '{}' then
    return '{"all": true}';
  end if;
  -- A request keeps its selector; in words it says more than thousands of numbers.
  if not filter ?| '{q,forwarding,state}' and filter ->> 'outcome' is distinct from 'never' then
    return filter;
  end if;
  select jsonb_agg(s.site_id::text order by s.site_id) into ids from natsweep.dashboard_matching_sites(filter) s;
  return jsonb_build_object('site_id', coalesce(ids, '["0"]'));
end
$$;

comment on function natsweep.dashboard_selector(jsonb) is
  'The selector of request_sweep() for sites ticked on a page, or for all that its filter means.';
grant execute on function natsweep.dashboard_selector(jsonb) to natsweep_viewer;

commit;
