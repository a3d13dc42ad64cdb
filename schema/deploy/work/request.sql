-- What people asked for.
begin;
set local role natsweep_owner;

create table natsweep.request (
  request_id bigserial primary key,
  selector jsonb not null,
  ports text not null,
  options jsonb not null,
  asked_by name not null default session_user,
  asked_at timestamptz not null default now(),
  expires_at timestamptz not null,
  cancelled_by name,
  cancelled_at timestamptz,
  customers bigint[] not null,
  no_agent integer not null,
  port_count integer not null,
  family smallint not null,
  mode smallint not null,
  pace_pps integer not null,
  patience_s integer not null,
  deadline_s integer not null,
  transports smallint[] not null,
  firsts integer[] not null,
  lasts integer[] not null,
  roles smallint[] not null,
  expects smallint[] not null,
  alternatives smallint[] not null,
  priority smallint not null default 0,
  not_before timestamptz,
  jitter_s integer not null default 0,
  quiet_hours text,
  time_zone text not null default 'UTC',
  in_flight_max integer,
  per_address_max integer,
  stop_percent integer,
  attempts smallint not null default 1,
  schedule_id bigint,
  paused_at timestamptz,
  paused_by name,
  paused_why text,
  resumed_at timestamptz
);
create index request_budget on natsweep.request (expires_at)
  where in_flight_max is not null or per_address_max is not null or stop_percent is not null or attempts > 1;
create index request_schedule on natsweep.request (schedule_id) where schedule_id is not null;

comment on table natsweep.request is 'A request: one sweep of each site that matched. The plan is stored as it was when asked.';
comment on column natsweep.request.request_id is 'The request.';
comment on column natsweep.request.selector is 'Which sites, as asked.';
comment on column natsweep.request.ports is 'Which ports, as asked.';
comment on column natsweep.request.options is 'Options, as asked.';
comment on column natsweep.request.asked_by is 'The login role that asked.';
comment on column natsweep.request.asked_at is 'When.';
comment on column natsweep.request.expires_at is 'What no agent has taken by then is expired.';
comment on column natsweep.request.cancelled_by is 'Who cancelled it.';
comment on column natsweep.request.cancelled_at is 'When.';
comment on column natsweep.request.customers is 'The customers of its sites; only who sees them all sees the request.';
comment on column natsweep.request.no_agent is 'Sites that matched and have no approved agent; they got no sweep.';
comment on column natsweep.request.port_count is
  'Ports of one sweep; of @failing, which are others at each site, those that fail anywhere.';
comment on column natsweep.request.family is '4 or 6.';
comment on column natsweep.request.mode is 'Number of the mode.';
comment on column natsweep.request.pace_pps is 'Packets a second; 0: unpaced.';
comment on column natsweep.request.patience_s is 'How much a suspected block may lengthen a sweep, seconds.';
comment on column natsweep.request.deadline_s is 'A sweep gives up so long after its start, seconds.';
comment on column natsweep.request.transports is 'The transport of each range of ports.';
comment on column natsweep.request.firsts is 'The first port of each range.';
comment on column natsweep.request.lasts is 'The last port of each range.';
comment on column natsweep.request.roles is 'The role of each range.';
comment on column natsweep.request.expects is 'What is hoped of each range.';
comment on column natsweep.request.alternatives is 'The group of alternatives of each range; 0: none.';
comment on column natsweep.request.priority is 'Of the sweeps that wait for one agent those of the highest priority go first.';
comment on column natsweep.request.not_before is 'Nothing is sent earlier; null: at once.';
comment on column natsweep.request.jitter_s is 'The sites are spread over so many seconds.';
comment on column natsweep.request.quiet_hours is 'HH:MM-HH:MM: nothing is sent in this time of the day; null: none.';
comment on column natsweep.request.time_zone is 'Where quiet_hours is the time of the day.';
comment on column natsweep.request.in_flight_max is 'So many of its sweeps at a time; null: no limit.';
comment on column natsweep.request.per_address_max is 'So many sweeps at a time of sites with one public address; null: no limit.';
comment on column natsweep.request.stop_percent is 'It pauses when more of its sweeps fail than this; null: never.';
comment on column natsweep.request.attempts is 'A sweep that failed or was lost is tried so often.';
comment on column natsweep.request.schedule_id is 'The schedule that asked; null: a person did.';
comment on column natsweep.request.paused_at is 'Since when nothing more is sent; null: it is not paused.';
comment on column natsweep.request.paused_by is 'Who paused it.';
comment on column natsweep.request.paused_why is 'Why.';
comment on column natsweep.request.resumed_at is 'When it last went on: failures before do not count for stop_percent.';

alter table natsweep.request enable row level security;
alter table natsweep.request force row level security;
create policy owner on natsweep.request to natsweep_owner using (true) with check (true);
create policy reader on natsweep.request for select to natsweep_viewer
  using ((select natsweep.sees_all()) or customers <@ (select natsweep.my_customers())::bigint[]);
grant select on natsweep.request to natsweep_viewer;

commit;
