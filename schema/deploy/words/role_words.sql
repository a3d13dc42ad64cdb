-- Port roles in the order of their numbers.
begin;
set local role natsweep_owner;

create function natsweep.role_words() returns text[]
  language sql immutable parallel safe
  return array['other', 'sip', 'tunnel', 'rtp', 'https', 'setup'];

comment on function natsweep.role_words() is
  'What a port is for. A word''s place is its number in proto/words.h; append, never reorder.';
grant execute on function natsweep.role_words() to natsweep_viewer;

commit;
