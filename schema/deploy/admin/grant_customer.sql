-- Lets a role see a customer.
begin;
set local role natsweep_owner;

create function natsweep.grant_customer(role name, customer text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select from pg_roles r where r.rolname = role and pg_has_role(r.oid, 'natsweep_viewer', 'member')) then
    raise exception 'there is no role "%" that may read natsweep', role
      using errcode = 'no_data_found', hint = 'Make it with natsweep.add_user(), or grant it natsweep_viewer.';
  end if;
  insert into natsweep.customer_member (member, customer_id) values (role, natsweep.find_customer(customer)) on conflict do nothing;
  perform natsweep.note('grant_customer', array[natsweep.find_customer(customer)],
    jsonb_build_object('role', role, 'customer', customer));
end
$$;

comment on function natsweep.grant_customer(name, text) is
  'Lets a role and its members see a customer; as operators they may also ask for its sweeps.';
grant execute on function natsweep.grant_customer(name, text) to natsweep_admin;

commit;
