-- The tags of a site.
begin;
set local role natsweep_owner;

create function natsweep.tag_site(customer text, site text, tags text[]) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  update natsweep.site s
  set tags = coalesce(tag_site.tags, '{}')
  where s.site_id = natsweep.find_site(customer, site);
end;

comment on function natsweep.tag_site(text, text, text[]) is 'Replaces the tags of a site.';
grant execute on function natsweep.tag_site(text, text, text[]) to natsweep_operator;

commit;
