-- Reasons in the order of their numbers.
begin;
set local role natsweep_owner;

create function natsweep.reason_words() returns text[]
  language sql immutable parallel safe
  return array[
    'timeout', 'admin_prohibited', 'port_unreachable', 'no_route', 'scan_protection', 'table_full', 'server_fault', 'loss',
    'mapping_alive', 'local_error', 'cancelled', 'never_reached', 'no_turn_credentials', 'interrupted'
  ];

comment on function natsweep.reason_words() is
  'Why a verdict is what it is; number 0 is no reason. A word''s place is its number in proto/words.h; append, never reorder.';
grant execute on function natsweep.reason_words() to natsweep_viewer;

commit;
