-- When a judgement is stale.
begin;
set local role natsweep_owner;

create function natsweep.stale_after() returns interval
  language sql immutable parallel safe
  return interval '7 days';

comment on function natsweep.stale_after() is 'A site whose newest judgement is older than this is stale.';
grant execute on function natsweep.stale_after() to natsweep_viewer;

commit;
