-- What only one may do at a time.
begin;
set local role natsweep_owner;

create table natsweep.mutex (
  name text primary key,
  guards text not null
);

comment on table natsweep.mutex is
  'Rows to lock, and only the owner''s functions can: an advisory lock could be taken by everybody who may sign in, and held for '
  'ever.';
comment on column natsweep.mutex.name is 'What the functions call it.';
comment on column natsweep.mutex.guards is 'What whoever holds the row''s lock may do.';

insert into natsweep.mutex (name, guards) values
  ('tick', 'what happens by the clock, and making partitions'),
  ('judge', 'judging sites'),
  ('budget', 'counting what is in flight and adding to it'),
  ('enrolment', 'making an agent of a key');

commit;
