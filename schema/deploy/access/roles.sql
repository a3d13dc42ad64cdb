-- The roles people and programs are members of.
begin;

do $$
begin
  if not exists (select from pg_catalog.pg_roles where rolname = 'natsweep_owner') then
    create role natsweep_owner nologin createrole;
  end if;
  if not exists (select from pg_catalog.pg_roles where rolname = 'natsweep_viewer') then
    create role natsweep_viewer nologin;
  end if;
  if not exists (select from pg_catalog.pg_roles where rolname = 'natsweep_operator') then
    create role natsweep_operator nologin in role natsweep_viewer;
  end if;
  if not exists (select from pg_catalog.pg_roles where rolname = 'natsweep_admin') then
    create role natsweep_admin nologin in role natsweep_operator;
  end if;
  if not exists (select from pg_catalog.pg_roles where rolname = 'natsweep_collector') then
    create role natsweep_collector nologin in role natsweep_viewer;
  end if;
end
$$;

set local client_min_messages = warning; -- for a cluster that has the roles already
-- add_user grants these; PostgreSQL 16 asks for the admin option where 15 was content with createrole.
grant natsweep_viewer, natsweep_operator, natsweep_admin, natsweep_collector to natsweep_owner with admin option;

comment on role natsweep_owner is
  'Owns every object of the schema natsweep, and security definer functions run as it. Nobody signs in as it.';
comment on role natsweep_viewer is 'May read what belongs to the customers granted to the login role.';
comment on role natsweep_operator is 'A viewer who may also ask for sweeps and look after sites and agents of these customers.';
comment on role natsweep_admin is 'Sees every customer; makes customers, users and vantages.';
comment on role natsweep_collector is 'The collectors: they see every customer and hand work to agents.';

commit;
