-- Sweep modes in the order of their numbers.
begin;
set local role natsweep_owner;

create function natsweep.mode_words() returns text[]
  language sql immutable parallel safe
  return array['auto', 'live', 'exclusive'];

comment on function natsweep.mode_words() is
  'How ports are tested that another program may hold. A word''s place is its number in proto/words.h; append, never reorder.';
grant execute on function natsweep.mode_words() to natsweep_viewer;

commit;
