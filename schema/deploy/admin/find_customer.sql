-- A customer by its name.
begin;
set local role natsweep_owner;

create function natsweep.find_customer(name text) returns bigint
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  id bigint;
begin
  select c.customer_id into id
  from natsweep.customer c
  where c.name = find_customer.name and natsweep.may_see_customer(c.customer_id);
  if not found then
    raise exception 'there is no customer "%"', name using errcode = 'no_data_found';
  end if;
  return id;
end
$$;

comment on function natsweep.find_customer(text) is
  'The customer of that name; an error when there is none that the login role may see.';

commit;
