-- Degrees of forwarding in the order of their numbers.
begin;
set local role natsweep_owner;

create function natsweep.forwarding_words() returns text[]
  language sql immutable parallel safe
  return array['complete', 'partial', 'none'];

comment on function natsweep.forwarding_words() is
  'How complete the forwarding of a site is over its judged ports. A word''s place is its number in proto/words.h; append, never '
  'reorder.';
grant execute on function natsweep.forwarding_words() to natsweep_viewer;

commit;
