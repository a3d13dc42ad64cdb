-- What changed.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_changes(asked jsonb) returns jsonb
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  size constant bigint := 100;
  page constant bigint := natsweep.dashboard_number(asked, 'page', 1, 1, 1000);
  wanted_what constant text := natsweep.dashboard_word(asked, 'what', '{outcome,nat_class,public_address,alg,ports}');
  wanted_customer constant text := nullif(asked ->> 'customer', '');
  search constant text := lower(nullif(btrim(asked ->> 'q'), ''));
  -- Pages are of one list, whatever happens meanwhile.
  until constant timestamptz := coalesce(natsweep.dashboard_time(asked, 'until'), now());
  since constant timestamptz := coalesce(natsweep.dashboard_time(asked, 'since'), until - interval '30 days');
begin
  return jsonb_build_object('page', page, 'size', size, 'since', since, 'until', until, 'rows', coalesce((
    select jsonb_agg(to_jsonb(r))
    from (
      select c.at, c.customer, c.site, c.site_id, c.what, c.before, c.after, c.sweep_id
      from natsweep.site_change c
      where c.at > since and c.at <= until
        and (wanted_what is null or c.what = wanted_what)
        and (wanted_customer is null or c.customer = wanted_customer)
        and (search is null or position(search in lower(c.site)) > 0)
      order by c.at desc, c.site_id, c.what
      limit size + 1 offset (page - 1) * size
    ) as r), '[]'));
end
$$;

comment on function natsweep.dashboard_changes(jsonb) is
  'A page of what changed at which sites, newest first, with one row more when there is another page: what, customer, q (part of '
  'a sites name), since and until; thirty days unless asked otherwise.';
grant execute on function natsweep.dashboard_changes(jsonb) to natsweep_viewer;

commit;
