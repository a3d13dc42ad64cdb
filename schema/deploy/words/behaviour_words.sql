-- NAT behaviours in the order of their numbers.
begin;
set local role natsweep_owner;

create function natsweep.behaviour_words() returns text[]
  language sql immutable parallel safe
  return array['none', 'endpoint_independent', 'address_dependent', 'address_and_port_dependent', 'unknown'];

comment on function natsweep.behaviour_words() is
  'Mapping and filtering behaviour, RFC 4787. A word''s place is its number in proto/words.h; append, never reorder.';
grant execute on function natsweep.behaviour_words() to natsweep_viewer;

commit;
