-- Whom a recheck would reach.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_preview(asked jsonb) returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object('sites', count(*), 'with_agent', count(*) filter (where p.has_agent),
    'online', count(*) filter (where p.online),
    'names', coalesce(jsonb_agg(jsonb_build_array(p.customer, p.site) order by p.place) filter (where p.place <= 5), '[]'))
  from (
    select n.*, row_number() over (order by n.customer, n.site) as place
    from natsweep.preview_sweep(natsweep.dashboard_selector(asked)) n
  ) as p;
end;

comment on function natsweep.dashboard_preview(jsonb) is
  'How many sites a recheck would reach, and the first five; asks nothing.';
grant execute on function natsweep.dashboard_preview(jsonb) to natsweep_viewer;

commit;
