-- Outcomes in the order of their numbers.
begin;
set local role natsweep_owner;

create function natsweep.outcome_words() returns text[]
  language sql immutable parallel safe
  return array['supported', 'partial', 'unsupported', 'inconclusive', 'not_run', 'cancelled', 'interrupted'];

comment on function natsweep.outcome_words() is
  'The outcomes of a sweep. A word''s place is its number in proto/words.h; append, never reorder.';
grant execute on function natsweep.outcome_words() to natsweep_viewer;

commit;
