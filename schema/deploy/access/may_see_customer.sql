-- The one question of row-level security.
begin;
set local role natsweep_owner;

create function natsweep.may_see_customer(customer_id bigint) returns boolean
  language sql stable parallel safe
  return natsweep.sees_all() or customer_id = any (natsweep.my_customers());

comment on function natsweep.may_see_customer(bigint) is
  'Whether the login role may see a customer. Policies ask the same with the two parts evaluated once a query.';
grant execute on function natsweep.may_see_customer(bigint) to natsweep_viewer;

commit;
