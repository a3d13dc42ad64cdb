-- What becomes of a sweep when its agent comes back.
begin;
set local role natsweep_owner;

create table natsweep.hello_decision (
  state text not null references natsweep.sweep_state,
  journal text not null check (journal in ('running', 'finished', 'absent')),
  event text,
  decision text check (decision in ('adopt', 'resend', 'cancel', 'wait')),
  why text not null,
  primary key (state, journal),
  foreign key (state, event) references natsweep.sweep_transition ("from", event)
);

comment on table natsweep.hello_decision is
  'What the agent''s journal says about a sweep x its state here: what happens to it and what the collector has to do. No row: '
  'nothing.';
comment on column natsweep.hello_decision.state is 'The state of the sweep here.';
comment on column natsweep.hello_decision.journal is
  'running: the agent has it; finished: its report waits in the spool; absent: it knows nothing of it.';
comment on column natsweep.hello_decision.event is 'The event that befalls the sweep; null: none.';
comment on column natsweep.hello_decision.decision is 'What the collector has to do; null: nothing.';
comment on column natsweep.hello_decision.why is 'Why.';
grant select on natsweep.hello_decision to natsweep_viewer;

insert into natsweep.hello_decision (state, journal, event, decision, why) values
  ('queued', 'running', 'adopted', 'adopt', 'it had reached the agent after all'),
  ('sent', 'running', 'adopted', 'adopt', 'its acceptance was on the way'),
  ('accepted', 'running', 'adopted', 'adopt', 'the agent only changed its connection'),
  ('running', 'running', 'adopted', 'adopt', 'the agent only changed its connection'),
  ('lost', 'running', 'adopted', 'adopt', 'the agent was away, not dead'),
  ('done', 'running', null, 'cancel', 'nobody waits for it'),
  ('failed', 'running', null, 'cancel', 'nobody waits for it'),
  ('refused', 'running', null, 'cancel', 'nobody waits for it'),
  ('expired', 'running', null, 'cancel', 'nobody waits for it'),
  ('cancelled', 'running', null, 'cancel', 'it was cancelled while the agent was away'),
  ('queued', 'finished', 'adopted', 'wait', 'its report will come'),
  ('sent', 'finished', 'adopted', 'wait', 'its report will come'),
  ('accepted', 'finished', 'adopted', 'wait', 'its report will come'),
  ('running', 'finished', 'adopted', 'wait', 'its report will come'),
  ('lost', 'finished', null, 'wait', 'its report will come'),
  ('done', 'finished', null, 'wait', 'its report will come again and be acknowledged'),
  ('failed', 'finished', null, 'wait', 'its report will come again and be acknowledged'),
  ('refused', 'finished', null, 'wait', 'its report will come'),
  ('expired', 'finished', null, 'wait', 'its report will come'),
  ('cancelled', 'finished', null, 'wait', 'what the agent knew will come'),
  ('sent', 'absent', 'resent', 'resend', 'it never arrived; the agent runs an id only once, so the same id is safe'),
  ('accepted', 'absent', 'resent', 'resend', 'the agent restarted before it ran'),
  ('running', 'absent', 'lost', null, 'the agent died while sweeping and left no report');

commit;
