-- A new customer.
begin;
set local role natsweep_owner;

create function natsweep.create_customer(name text) returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  id bigint;
begin
  perform natsweep.check_label('customer', name);
  insert into natsweep.customer (name) values (create_customer.name) returning customer_id into id;
  perform natsweep.note('create_customer', array[id], jsonb_build_object('customer', name));
  return id;
exception when unique_violation then
  raise exception 'there is a customer "%" already', name using errcode = 'unique_violation';
end
$$;

comment on function natsweep.create_customer(text) is 'Makes a customer and returns its number.';
grant execute on function natsweep.create_customer(text) to natsweep_admin;

commit;
