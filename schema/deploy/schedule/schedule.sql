-- Requests that ask themselves.
begin;
set local role natsweep_owner;

create table natsweep.schedule (
  schedule_id bigserial primary key,
  name natsweep.label not null,
  cron text not null,
  time_zone text not null,
  selector jsonb not null,
  ports text not null,
  options jsonb not null,
  asked_by name not null default session_user,
  created_at timestamptz not null default now(),
  customers bigint[] not null,
  paused_at timestamptz,
  paused_by name,
  planned_at timestamptz not null default now(),
  next_run timestamptz not null,
  last_run timestamptz,
  last_request bigint,
  last_error text,
  unique (asked_by, name)
);
create index schedule_next on natsweep.schedule (next_run) where paused_at is null;

comment on table natsweep.schedule is
  'Requests that are asked again and again, each time with the rights that who made it has at that moment.';
comment on column natsweep.schedule.schedule_id is 'The schedule.';
comment on column natsweep.schedule.name is 'What people call it.';
comment on column natsweep.schedule.cron is 'When: minute, hour, day, month, weekday.';
comment on column natsweep.schedule.time_zone is 'On whose clocks.';
comment on column natsweep.schedule.selector is 'Which sites, chosen anew each time.';
comment on column natsweep.schedule.ports is 'Which ports.';
comment on column natsweep.schedule.options is 'Options of the requests, such as jitter_s and quiet_hours.';
comment on column natsweep.schedule.asked_by is 'Who made it.';
comment on column natsweep.schedule.created_at is 'When it was made.';
comment on column natsweep.schedule.customers is
  'The customers of its sites when they were last chosen; only who sees them all sees the schedule, beside who made it.';
comment on column natsweep.schedule.paused_at is 'Since when it does not run; null: it does.';
comment on column natsweep.schedule.paused_by is 'Who paused it.';
comment on column natsweep.schedule.planned_at is 'When next_run was worked out: in the future, the clock has been put back since.';
comment on column natsweep.schedule.next_run is 'When it runs next.';
comment on column natsweep.schedule.last_run is 'When it last asked.';
comment on column natsweep.schedule.last_request is 'What it last asked.';
comment on column natsweep.schedule.last_error is 'Why its last turn was left out; null: it was not.';

alter table natsweep.schedule enable row level security;
alter table natsweep.schedule force row level security;
create policy owner on natsweep.schedule to natsweep_owner using (true) with check (true);
create policy reader on natsweep.schedule for select to natsweep_viewer
  using ((select natsweep.sees_all()) or asked_by = session_user
    or (customers <> '{}' and customers <@ (select natsweep.my_customers())::bigint[]));
grant select on natsweep.schedule to natsweep_viewer;

commit;
