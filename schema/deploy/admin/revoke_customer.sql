-- Hides a customer from a role.
begin;
set local role natsweep_owner;

create function natsweep.revoke_customer(role name, customer text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  delete from natsweep.customer_member m where m.member = role and m.customer_id = natsweep.find_customer(customer);
  if not found then
    raise exception 'the role "%" was not granted the customer "%"', role, customer using errcode = 'no_data_found';
  end if;
  perform natsweep.note('revoke_customer', array[natsweep.find_customer(customer)],
    jsonb_build_object('role', role, 'customer', customer));
end
$$;

comment on function natsweep.revoke_customer(name, text) is 'Takes back what grant_customer() gave.';
grant execute on function natsweep.revoke_customer(name, text) to natsweep_admin;

commit;
