-- A new site.
begin;
set local role natsweep_owner;

create function natsweep.create_site(customer text, name text, tags text[] default '{}') returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  id bigint;
begin
  perform natsweep.check_label('site', name);
  insert into natsweep.site (customer_id, name, tags)
  values (natsweep.find_customer(customer), create_site.name, coalesce(create_site.tags, '{}'))
  returning site_id into id;
  perform natsweep.note('create_site', array[natsweep.find_customer(customer)],
    jsonb_build_object('customer', customer, 'site', name, 'tags', tags));
  return id;
exception when unique_violation then
  raise exception 'the customer "%" has a site "%" already', customer, name using errcode = 'unique_violation';
end
$$;

comment on function natsweep.create_site(text, text, text[]) is 'Makes a site of a customer and returns its number.';
grant execute on function natsweep.create_site(text, text, text[]) to natsweep_operator;

commit;
