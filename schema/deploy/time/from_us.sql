-- Microseconds of the wire as a time.
begin;
set local role natsweep_owner;

create function natsweep.from_us(us bigint) returns timestamptz
  language sql immutable strict parallel safe
  return (timestamp 'epoch' + us * interval '1 microsecond') at time zone 'utc'; -- immutable in every part, so it is inlined

comment on function natsweep.from_us(bigint) is 'The time that is so many microseconds after the Unix epoch.';
grant execute on function natsweep.from_us(bigint) to natsweep_viewer;

commit;
