-- Verdicts in the order of their numbers.
begin;
set local role natsweep_owner;

create function natsweep.verdict_words() returns text[]
  language sql immutable parallel safe
  return array[
    'in_use', 'unreachable', 'bad_response', 'translated', 'no_second_address', 'closed', 'refused', 'wrong_host',
    'dynamic', 'pass', 'inconclusive', 'not_tested'
  ];

comment on function natsweep.verdict_words() is
  'The verdicts about one port. A word''s place is its number in proto/words.h; append, never reorder.';
grant execute on function natsweep.verdict_words() to natsweep_viewer;

commit;
