-- The tags of a site.
begin;
set local role natsweep_owner;

create function natsweep.tag_site(customer text, site text, tags text[]) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  update natsweep.site s
  set tags = coalesce(tag_site.tags, '{}')
  where s.site_id = natsweep.find_site(customer, site);
  perform natsweep.note('tag_site', array[natsweep.find_customer(customer)],
    jsonb_build_object('customer', customer, 'site', site, 'tags', tags));
end
$$;

comment on function natsweep.tag_site(text, text, text[]) is 'Replaces the tags of a site.';
grant execute on function natsweep.tag_site(text, text, text[]) to natsweep_operator;

commit;
