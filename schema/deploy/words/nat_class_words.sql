-- NAT classes in the order of their numbers.
begin;
set local role natsweep_owner;

create function natsweep.nat_class_words() returns text[]
  language sql immutable parallel safe
  return array[
    'open_internet', 'full_cone', 'restricted_cone', 'port_restricted_cone', 'symmetric', 'symmetric_firewall',
    'udp_blocked', 'unknown'
  ];

comment on function natsweep.nat_class_words() is
  'The classes of NAT, in the names of RFC 3489. A word''s place is its number in proto/words.h; append, never reorder.';
grant execute on function natsweep.nat_class_words() to natsweep_viewer;

commit;
