-- How long a collector is believed to live.
begin;
set local role natsweep_owner;

create function natsweep.collector_lease() returns interval
  language sql immutable parallel safe
  return interval '15 s';

comment on function natsweep.collector_lease() is
  'A collector that has not renewed for so long is dead: three of its beats of 5 s.';

commit;
