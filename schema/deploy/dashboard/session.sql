-- Who is signed in to the dashboard.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_session() returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object(
    'role', session_user,
    'may_request', pg_has_role(session_user, 'natsweep_operator', 'member'),
    'sees_all', natsweep.sees_all(),
    'customers', (select count(*) from natsweep.customer),
    'customer', (select min(c.name::text) from natsweep.customer c having count(*) = 1));
end;

comment on function natsweep.dashboard_session() is
  'Who is signed in, what he may do, and whose sites he sees.';
grant execute on function natsweep.dashboard_session() to natsweep_viewer;

commit;
