-- Who is not confined to customers.
begin;
set local role natsweep_owner;

create function natsweep.sees_all() returns boolean
  language sql stable parallel safe
  return pg_has_role(session_user, 'natsweep_admin', 'member') or pg_has_role(session_user, 'natsweep_collector', 'member');

comment on function natsweep.sees_all() is 'Whether the login role is an administrator or a collector and so sees every customer.';
grant execute on function natsweep.sees_all() to natsweep_viewer;

commit;
