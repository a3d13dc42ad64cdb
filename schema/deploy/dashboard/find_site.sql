-- A site that a page asks for.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_find_site(asked jsonb) returns bigint
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  id constant bigint := natsweep.dashboard_number(asked, 'site', 0, 0, 999999999999999999);
begin
  if not exists (select from natsweep.site s where s.site_id = id) then
    raise exception 'there is no site %, or you may not see it', id using errcode = 'no_data_found';
  end if;
  return id;
end
$$;

comment on function natsweep.dashboard_find_site(jsonb) is
  'The number of the site that a page asks for, when the reader may see it.';
grant execute on function natsweep.dashboard_find_site(jsonb) to natsweep_viewer;

commit;
