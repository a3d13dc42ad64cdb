-- All words and their numbers for people and tests.
begin;
set local role natsweep_owner;

create view natsweep.word with (security_invoker) as
  select l.list, w.number::smallint as number, w.word
  from (values
    ('transport', natsweep.transport_words()),
    ('verdict', natsweep.verdict_words()),
    ('reason', natsweep.reason_words()),
    ('outcome', natsweep.outcome_words()),
    ('nat_class', natsweep.nat_class_words()),
    ('behaviour', natsweep.behaviour_words()),
    ('role', natsweep.role_words()),
    ('expect', natsweep.expect_words()),
    ('mode', natsweep.mode_words()),
    ('forwarding', natsweep.forwarding_words())
  ) as l (list, words)
  cross join unnest(l.words) with ordinality as w (word, number);

comment on view natsweep.word is
  'Every word that is stored as a number; the same numbers as in proto/words.h. Functions hold them, not a table, so that views '
  'need no joins.';
comment on column natsweep.word.list is 'Which list of words.';
comment on column natsweep.word.number is 'What tables and the wire hold.';
comment on column natsweep.word.word is 'What people and views say.';
grant select on natsweep.word to natsweep_viewer;

commit;
