-- What sites can be filtered by.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_filters() returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object(
    'customers', coalesce((
      select jsonb_agg(n.name order by n.name)
      from (select c.name::text from natsweep.customer c order by c.name limit 2000) as n), '[]'),
    'tags', coalesce((
      select jsonb_agg(n.tag order by n.tag)
      from (select distinct t as tag from natsweep.site s, unnest(s.tags) t order by t limit 2000) as n), '[]'),
    'profiles', coalesce((select jsonb_agg('@' || p.name order by p.name) from natsweep.profile p), '[]'));
end;

comment on function natsweep.dashboard_filters() is
  'The names of customers, tags and port profiles that the reader may see, at most 2000 of each.';
grant execute on function natsweep.dashboard_filters() to natsweep_viewer;

commit;
