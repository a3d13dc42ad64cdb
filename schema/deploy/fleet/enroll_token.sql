-- Enrolment tokens by their hash.
begin;
set local role natsweep_owner;

create table natsweep.enroll_token (
  token_id bigserial primary key,
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  customer_id bigint not null references natsweep.customer,
  site_id bigint references natsweep.site,
  uses_left integer not null check (uses_left >= 0),
  expires_at timestamptz not null,
  needs_approval boolean not null,
  created_by name not null default session_user,
  created_at timestamptz not null default now()
);

comment on table natsweep.enroll_token is 'What lets an unknown key become an agent. The secret itself is nowhere.';
comment on column natsweep.enroll_token.token_id is 'The token.';
comment on column natsweep.enroll_token.token_hash is 'SHA-256 of the secret bytes.';
comment on column natsweep.enroll_token.customer_id is 'Whose agents it makes.';
comment on column natsweep.enroll_token.site_id is 'The site they join; null: each makes a site named after its host.';
comment on column natsweep.enroll_token.uses_left is 'How many more keys may use it.';
comment on column natsweep.enroll_token.expires_at is 'No new key after this.';
comment on column natsweep.enroll_token.needs_approval is 'Whether an operator has to approve each agent.';
comment on column natsweep.enroll_token.created_by is 'Who made it.';
comment on column natsweep.enroll_token.created_at is 'When it was made.';

alter table natsweep.enroll_token enable row level security;
alter table natsweep.enroll_token force row level security;
create policy owner on natsweep.enroll_token to natsweep_owner using (true) with check (true);

commit;
