-- The schema, owned by a role that cannot sign in.
begin;

create schema natsweep authorization natsweep_owner;
comment on schema natsweep is 'natsweep: firewalls of a fleet of PBX sites, checked from inside and outside.';
grant usage on schema natsweep to natsweep_viewer;

-- PostgreSQL lets everybody execute a new function; here each is granted by name.
alter default privileges for role natsweep_owner revoke execute on functions from public;

commit;
