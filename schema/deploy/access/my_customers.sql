-- The customers of the login role.
begin;
set local role natsweep_owner;

create function natsweep.my_customers() returns bigint[]
  language sql stable security definer parallel safe
  set search_path = pg_catalog, pg_temp
begin atomic
  select natsweep.customers_of(session_user);
end;

comment on function natsweep.my_customers() is 'The customers granted to the login role or to a group it belongs to.';
grant execute on function natsweep.my_customers() to natsweep_viewer;

commit;
