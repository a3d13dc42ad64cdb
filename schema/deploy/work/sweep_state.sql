-- The states of a sweep.
begin;
set local role natsweep_owner;

create table natsweep.sweep_state (
  state text primary key,
  place integer not null unique,
  final boolean not null,
  meaning text not null
);

comment on table natsweep.sweep_state is 'The states a sweep can be in.';
comment on column natsweep.sweep_state.state is 'The word.';
comment on column natsweep.sweep_state.place is 'The order in which people expect them.';
comment on column natsweep.sweep_state.final is 'Whether nothing more is waited for. A report that comes anyway still counts.';
comment on column natsweep.sweep_state.meaning is 'What it means.';
grant select on natsweep.sweep_state to natsweep_viewer;

insert into natsweep.sweep_state (state, place, final, meaning) values
  ('queued', 1, false, 'waits for its agent to be connected'),
  ('sent', 2, false, 'a collector sent it to the agent'),
  ('accepted', 3, false, 'the agent has it and will run it'),
  ('running', 4, false, 'the agent is sweeping'),
  ('done', 5, true, 'the report is stored'),
  ('failed', 6, true, 'the agent died while sweeping and reported what it knew'),
  ('refused', 7, true, 'the agent''s own policy forbids it'),
  ('expired', 8, true, 'the agent did not come in time'),
  ('cancelled', 9, true, 'somebody cancelled it'),
  ('lost', 10, true, 'the agent had it and never reported');

commit;
