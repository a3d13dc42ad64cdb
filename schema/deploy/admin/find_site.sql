-- A site by its names.
begin;
set local role natsweep_owner;

create function natsweep.find_site(customer text, site text) returns bigint
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  id bigint;
begin
  select s.site_id into id
  from natsweep.site s
  where s.customer_id = natsweep.find_customer(customer) and s.name = site;
  if not found then
    raise exception 'the customer "%" has no site "%"', customer, site using errcode = 'no_data_found';
  end if;
  return id;
end
$$;

comment on function natsweep.find_site(text, text) is
  'The site of that name at that customer; an error when there is none that the login role may see.';

commit;
