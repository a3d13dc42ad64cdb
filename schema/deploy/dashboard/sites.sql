-- A page of the sites.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_sites(asked jsonb) returns jsonb
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  size constant bigint := natsweep.dashboard_number(asked, 'size', 50, 1, 500);
  page constant bigint := natsweep.dashboard_number(asked, 'page', 1, 1, 1000000);
begin
  return (
    select jsonb_build_object('total', count(*), 'page', page, 'size', size,
      'rows', coalesce(jsonb_agg(to_jsonb((r.site)) - 'sweep_id' - 'message' order by r.place)
        filter (where r.place > (page - 1) * size and r.place <= page * size), '[]'))
    from natsweep.dashboard_sorted_sites(asked) r);
end
$$;

comment on function natsweep.dashboard_sites(jsonb) is
  'One page of the sites that a filter means, with how many there are: size (50) and page (1) besides the filter and the order.';
grant execute on function natsweep.dashboard_sites(jsonb) to natsweep_viewer;

commit;
