-- Expectations in the order of their numbers.
begin;
set local role natsweep_owner;

create function natsweep.expect_words() returns text[]
  language sql immutable parallel safe
  return array['open', 'closed'];

comment on function natsweep.expect_words() is
  'What a profile hopes to find from outside. A word''s place is its number in proto/words.h; append, never reorder.';
grant execute on function natsweep.expect_words() to natsweep_viewer;

commit;
