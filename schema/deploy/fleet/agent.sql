-- Agents by their key.
begin;
set local role natsweep_owner;

create table natsweep.agent (
  agent_id bigserial primary key,
  site_id bigint not null references natsweep.site,
  public_key bytea not null unique check (octet_length(public_key) = 32),
  next_public_key bytea unique check (octet_length(next_public_key) = 32),
  new_key_wanted boolean not null default false,
  state text not null check (state in ('pending', 'active', 'revoked')),
  token_id bigint not null references natsweep.enroll_token,
  hostname text not null,
  enrolled_at timestamptz not null default now(),
  decided_by name,
  decided_at timestamptz
);
create index agent_site on natsweep.agent (site_id);
create unique index agent_active on natsweep.agent (site_id) where state = 'active';

comment on table natsweep.agent is 'A program on a PBX host; its CURVE key is its identity.';
comment on column natsweep.agent.agent_id is 'The agent.';
comment on column natsweep.agent.site_id is 'The site it sweeps.';
comment on column natsweep.agent.public_key is 'Its CURVE public key, 32 bytes.';
comment on column natsweep.agent.next_public_key is 'The key that it made to replace the other, good from now on; null: none.';
comment on column natsweep.agent.new_key_wanted is 'Whether it is to make itself a new key.';
comment on column natsweep.agent.state is 'pending (an operator has to approve), active (one a site), or revoked for good.';
comment on column natsweep.agent.token_id is 'What it enrolled with; the same key with the same token is the same agent.';
comment on column natsweep.agent.hostname is 'What its host was called when it enrolled.';
comment on column natsweep.agent.enrolled_at is 'When it enrolled.';
comment on column natsweep.agent.decided_by is 'Who approved or revoked it.';
comment on column natsweep.agent.decided_at is 'When that was.';

alter table natsweep.agent enable row level security;
alter table natsweep.agent force row level security;
create policy owner on natsweep.agent to natsweep_owner using (true) with check (true);
create policy reader on natsweep.agent for select to natsweep_viewer
  using ((select natsweep.sees_all()) or site_id in (select s.site_id from natsweep.site s));
grant select on natsweep.agent to natsweep_viewer;

commit;
