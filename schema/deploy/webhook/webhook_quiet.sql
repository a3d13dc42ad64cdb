-- What webhooks keep quiet about.
begin;
set local role natsweep_owner;

create table natsweep.webhook_quiet (
  webhook_id bigint not null references natsweep.webhook on delete cascade,
  customer_id bigint not null,
  what text not null check (what in ('site', 'server')),
  subject text not null,
  since timestamptz not null default now(),
  held_back integer not null default 0,
  primary key (webhook_id, what, subject)
);

comment on table natsweep.webhook_quiet is
  'Sites that flap and servers that are out of order: one message told so, another tells when it is over, and between them there '
  'is silence.';
comment on column natsweep.webhook_quiet.webhook_id is 'Who was told.';
comment on column natsweep.webhook_quiet.customer_id is 'Whose it is.';
comment on column natsweep.webhook_quiet.what is 'site or server.';
comment on column natsweep.webhook_quiet.subject is 'The number of the site, or the name of the server.';
comment on column natsweep.webhook_quiet.since is 'When it was told.';
comment on column natsweep.webhook_quiet.held_back is 'Sweeps with changes that were not told since.';

alter table natsweep.webhook_quiet enable row level security;
alter table natsweep.webhook_quiet force row level security;
create policy owner on natsweep.webhook_quiet to natsweep_owner using (true) with check (true);
create policy reader on natsweep.webhook_quiet for select to natsweep_viewer
  using ((select natsweep.sees_all()) or customer_id = any ((select natsweep.my_customers())::bigint[]));
grant select on natsweep.webhook_quiet to natsweep_viewer;

commit;
