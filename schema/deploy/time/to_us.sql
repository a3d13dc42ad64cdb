-- A time as microseconds of the wire.
begin;
set local role natsweep_owner;

create function natsweep.to_us(at timestamptz) returns bigint
  language sql immutable strict parallel safe
  return (extract(epoch from at) * 1000000)::bigint;

comment on function natsweep.to_us(timestamptz) is 'Microseconds from the Unix epoch to a time, exactly.';
grant execute on function natsweep.to_us(timestamptz) to natsweep_viewer;

commit;
