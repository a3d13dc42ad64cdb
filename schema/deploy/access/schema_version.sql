-- What programs compare with the version they were built for.
begin;
set local role natsweep_owner;

create function natsweep.schema_version() returns integer
  language sql immutable parallel safe
  return 1;

comment on function natsweep.schema_version() is
  'Grows when programs built for an older schema would no longer work with it, or newer ones would not with the one before.';
grant execute on function natsweep.schema_version() to natsweep_viewer;

commit;
