-- The work queue.
begin;
set local role natsweep_owner;

create table natsweep.sweep (
  sweep_id bigserial primary key,
  request_id bigint not null references natsweep.request,
  site_id bigint not null references natsweep.site,
  agent_id bigint not null references natsweep.agent,
  state text not null default 'queued',
  state_at timestamptz not null default now(),
  expires_at timestamptz not null,
  at timestamptz,
  generation integer not null default 0,
  collector_id bigint references natsweep.collector,
  lost_at timestamptz,
  outcome smallint,
  message text,
  tell_agent boolean not null default false,
  ranges natsweep.port_range[],
  ports_done integer not null default 0,
  ports_total integer not null default 0,
  remaining_ms bigint,
  progress_at timestamptz,
  priority smallint not null default 0,
  not_before timestamptz,
  attempt smallint not null default 1,
  retried boolean not null default false,
  due_at timestamptz generated always as (
    case when state = 'queued' then expires_at when state in ('sent', 'accepted', 'running') then lost_at end) stored
) with (fillfactor = 50);
create index sweep_request on natsweep.sweep (request_id);
-- What an agent has queued or holds fits one index only: of two the planner reads the wrong one from end to end for each agent,
-- when statistics say that nothing is queued. So what is due has a column of its own.
create index sweep_queued on natsweep.sweep (agent_id, priority desc, sweep_id) where state = 'queued';
create index sweep_held on natsweep.sweep (agent_id) where state in ('sent', 'accepted', 'running');
create index sweep_due on natsweep.sweep (due_at) where due_at is not null;
create index sweep_sent on natsweep.sweep (collector_id) where state = 'sent';
create index sweep_to_tell on natsweep.sweep (collector_id) where tell_agent;

comment on table natsweep.sweep is 'One sweep of one site: the work queue. Only sweep_step() writes its state.';
comment on column natsweep.sweep.sweep_id is 'The sweep; a new attempt is a new one.';
comment on column natsweep.sweep.request_id is 'The request it belongs to.';
comment on column natsweep.sweep.site_id is 'The site.';
comment on column natsweep.sweep.agent_id is 'The agent that has to run it.';
comment on column natsweep.sweep.state is
  'Its state; without a foreign key, because sweep_transition has one and a check a step would cost too much.';
comment on column natsweep.sweep.state_at is 'When that last changed.';
comment on column natsweep.sweep.expires_at is 'Not to be started later than this.';
comment on column natsweep.sweep.at is 'When it was first claimed: the time of its facts, never changed afterwards.';
comment on column natsweep.sweep.generation is 'Grows with every hand-over; what is said about an older one does not count.';
comment on column natsweep.sweep.collector_id is 'Who holds it.';
comment on column natsweep.sweep.lost_at is 'Lost when there is no report by then.';
comment on column natsweep.sweep.outcome is 'Number of the outcome that was reported.';
comment on column natsweep.sweep.message is 'Why it was refused, cancelled or lost.';
comment on column natsweep.sweep.tell_agent is 'The agent has still to be told to stop.';
comment on column natsweep.sweep.ranges is 'Its own ports; null: those of its request.';
comment on column natsweep.sweep.ports_done is 'Ports judged so far.';
comment on column natsweep.sweep.ports_total is 'Ports of the sweep.';
comment on column natsweep.sweep.remaining_ms is 'How long the agent thinks it still needs, milliseconds.';
comment on column natsweep.sweep.progress_at is 'When it said so.';
comment on column natsweep.sweep.priority is 'That of its request.';
comment on column natsweep.sweep.not_before is 'Not to be sent earlier; null: at once.';
comment on column natsweep.sweep.attempt is '1, or more when earlier ones failed.';
comment on column natsweep.sweep.retried is 'Whether a later attempt took its place.';
comment on column natsweep.sweep.due_at is 'When tick() gives it up: expired if it is still queued, else lost; null: it is over.';

alter table natsweep.sweep enable row level security;
alter table natsweep.sweep force row level security;
create policy owner on natsweep.sweep to natsweep_owner using (true) with check (true);
create policy reader on natsweep.sweep for select to natsweep_viewer
  using ((select natsweep.sees_all()) or site_id in (select s.site_id from natsweep.site s));
grant select on natsweep.sweep to natsweep_viewer;

commit;
