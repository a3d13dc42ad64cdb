-- What befell agents.
begin;
set local role natsweep_owner;

create table natsweep.agent_event (
  event_id bigserial primary key,
  site_id bigint not null,
  agent_id bigint not null,
  at timestamptz not null default now(),
  what text not null check (what in ('enrolled', 'approved', 'revoked', 'replaced', 'moved', 'key_changed', 'cloned')),
  who name,
  detail text not null default ''
);
create index agent_event_agent on natsweep.agent_event (agent_id, at);
create index agent_event_at on natsweep.agent_event (at);

comment on table natsweep.agent_event is 'What befell agents; only ever added to.';
comment on column natsweep.agent_event.event_id is 'The event.';
comment on column natsweep.agent_event.site_id is 'The site it worked for.';
comment on column natsweep.agent_event.agent_id is 'The agent.';
comment on column natsweep.agent_event.at is 'When.';
comment on column natsweep.agent_event.what is
  'enrolled, approved, revoked, replaced (by another at its site), moved (from this site), key_changed, or cloned: two machines '
  'use its key, and one has to be enrolled anew.';
comment on column natsweep.agent_event.who is 'Who wanted it; null: it came about.';
comment on column natsweep.agent_event.detail is 'What else there is to say.';

alter table natsweep.agent_event enable row level security;
alter table natsweep.agent_event force row level security;
create policy owner on natsweep.agent_event to natsweep_owner using (true) with check (true);
create policy reader on natsweep.agent_event for select to natsweep_viewer
  using ((select natsweep.sees_all()) or site_id in (select s.site_id from natsweep.site s));
grant select on natsweep.agent_event to natsweep_viewer;

commit;
