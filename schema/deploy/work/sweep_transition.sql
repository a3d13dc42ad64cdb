-- How a sweep gets from state to state.
begin;
set local role natsweep_owner;

create table natsweep.sweep_transition (
  "from" text not null references natsweep.sweep_state,
  event text not null,
  "to" text not null references natsweep.sweep_state,
  hands_over boolean not null default false,
  tells_agent boolean not null default false,
  why text not null,
  primary key ("from", event)
);

comment on table natsweep.sweep_transition is
  'Every legal change of a sweep''s state; sweep_step() makes no other. An event without a row changes nothing.';
comment on column natsweep.sweep_transition."from" is 'The state before.';
comment on column natsweep.sweep_transition.event is 'What happened.';
comment on column natsweep.sweep_transition."to" is 'The state after.';
comment on column natsweep.sweep_transition.hands_over is
  'Whether the sweep gets a new generation, so that what an earlier holder says no longer counts.';
comment on column natsweep.sweep_transition.tells_agent is 'Whether the agent has to be told to stop.';
comment on column natsweep.sweep_transition.why is 'Why it is so.';
grant select on natsweep.sweep_transition to natsweep_viewer;

insert into natsweep.sweep_transition ("from", event, "to", hands_over, tells_agent, why) values
  ('queued', 'claimed', 'sent', true, false, 'a collector took it for an agent connected to it'),
  ('queued', 'cancelled', 'cancelled', false, false, 'nobody had started it'),
  ('queued', 'revoked', 'cancelled', false, false, 'its agent may no longer work'),
  ('queued', 'expired', 'expired', false, false, 'the agent did not come in time'),
  ('queued', 'adopted', 'accepted', true, false, 'it had reached the agent although its collector thought not'),
  ('sent', 'accepted', 'accepted', false, false, 'the agent has it behind another sweep'),
  ('sent', 'started', 'running', false, false, 'the agent started it'),
  ('sent', 'refused', 'refused', false, false, 'the agent''s policy has the last word'),
  ('sent', 'undelivered', 'queued', false, false, 'the agent vanished before it was sent'),
  ('sent', 'resent', 'sent', true, false, 'the agent came back without it'),
  ('sent', 'expired', 'expired', false, false, 'it is too late to begin, says the agent, or it came back without it'),
  ('sent', 'adopted', 'accepted', true, false, 'the agent came back with it'),
  ('sent', 'cancelled', 'cancelled', false, true, 'the agent may have it'),
  ('sent', 'revoked', 'cancelled', false, false, 'its agent may no longer work'),
  ('sent', 'lost', 'lost', false, false, 'no word of it until its deadline'),
  ('accepted', 'started', 'running', false, false, 'its turn has come'),
  ('accepted', 'refused', 'refused', false, false, 'the agent could not begin it'),
  ('accepted', 'resent', 'sent', true, false, 'the agent restarted before it ran'),
  ('accepted', 'expired', 'expired', false, false,
    'it waited at the agent until it was too late, or the agent restarted before it ran'),
  ('accepted', 'adopted', 'accepted', true, false, 'the agent came back with it'),
  ('accepted', 'cancelled', 'cancelled', false, true, 'the agent has it'),
  ('accepted', 'revoked', 'cancelled', false, false, 'its agent may no longer work'),
  ('accepted', 'lost', 'lost', false, false, 'no report until its deadline'),
  ('running', 'adopted', 'running', true, false, 'the agent came back with it'),
  ('running', 'cancelled', 'cancelled', false, true, 'the agent is at it'),
  ('running', 'revoked', 'cancelled', false, false, 'its agent may no longer work'),
  ('running', 'lost', 'lost', false, false, 'the agent came back without it, or no report until its deadline'),
  ('lost', 'adopted', 'running', true, false, 'the agent was away, not dead');

-- A report proves that the sweep ran, whatever was believed.
insert into natsweep.sweep_transition ("from", event, "to", why)
select s.state, e.event, e."to", e.why
from natsweep.sweep_state s
cross join (values
  ('reported', 'done', 'the report is stored'),
  ('report_cancelled', 'cancelled', 'the agent stopped and reported what it knew'),
  ('report_interrupted', 'failed', 'the agent died while sweeping and reported what it knew')
) as e (event, "to", why)
where s.state not in ('done', 'failed');

commit;
