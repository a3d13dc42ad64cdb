-- Transports in the order of their numbers.
begin;
set local role natsweep_owner;

create function natsweep.transport_words() returns text[]
  language sql immutable parallel safe
  return array['udp', 'tcp'];

comment on function natsweep.transport_words() is
  'The transports of a port. A word''s place is its number in proto/words.h; append, never reorder.';
grant execute on function natsweep.transport_words() to natsweep_viewer;

commit;
