-- The customers of a role.
begin;
set local role natsweep_owner;

create function natsweep.customers_of(who name) returns bigint[]
  language sql stable security definer parallel safe
  set search_path = pg_catalog, pg_temp
begin atomic
  select coalesce(array_agg(distinct m.customer_id), '{}')
  from natsweep.customer_member m
  join pg_catalog.pg_roles r on r.rolname = m.member
  where pg_has_role(who, r.oid, 'member');
end;

comment on function natsweep.customers_of(name) is
  'The customers granted to a role or to a group it belongs to. Only for functions that act for somebody: what a role may see it '
  'asks my_customers().';

commit;
