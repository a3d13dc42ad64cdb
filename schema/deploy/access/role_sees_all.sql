-- Whether a role is not confined to customers.
begin;
set local role natsweep_owner;

create function natsweep.role_sees_all(who name) returns boolean
  language sql stable parallel safe
  return pg_has_role(who, 'natsweep_admin', 'member') or pg_has_role(who, 'natsweep_collector', 'member');

comment on function natsweep.role_sees_all(name) is
  'What sees_all() is for the login role, of any role: for functions that act for somebody.';

commit;
