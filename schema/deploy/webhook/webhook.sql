-- Where customers want to hear of changes.
begin;
set local role natsweep_owner;

create table natsweep.webhook (
  webhook_id bigserial primary key,
  customer_id bigint not null references natsweep.customer on delete cascade,
  name natsweep.label not null,
  url text not null
    check (url ~ '^https://[^/?#@[:space:][:cntrl:]]+([/?][^#[:space:][:cntrl:]]*)?$' and octet_length(url) <= 2048),
  host text not null generated always as (substring(url from '^https://([^/?#]+)')) stored,
  secret bytea not null check (octet_length(secret) between 16 and 256),
  private_allowed boolean not null,
  hold interval not null check (hold between interval '0' and interval '1 day'),
  created_by name not null default session_user,
  created_at timestamptz not null default now(),
  next_at timestamptz not null default now(),
  failures integer not null default 0,
  failing_since timestamptz,
  last_status integer,
  last_error text,
  delivered bigint not null default 0,
  dropped bigint not null default 0,
  unique (customer_id, name)
) with (fillfactor = 50);

comment on table natsweep.webhook is
  'Where a customer''s changes are sent to. Nobody reads url and secret but claim_webhooks(), for a collector: whoever has them '
  'could speak for us.';
comment on column natsweep.webhook.webhook_id is 'The webhook.';
comment on column natsweep.webhook.customer_id is 'Whose changes.';
comment on column natsweep.webhook.name is 'What people call it.';
comment on column natsweep.webhook.url is 'Where to; often a secret itself.';
comment on column natsweep.webhook.host is 'The part of it that people see.';
comment on column natsweep.webhook.secret is 'Key of the signatures.';
comment on column natsweep.webhook.private_allowed is 'Whether an administrator allowed private and loopback addresses.';
comment on column natsweep.webhook.hold is 'A change is told so much later, and only if it is still true then.';
comment on column natsweep.webhook.created_by is 'Who made it.';
comment on column natsweep.webhook.created_at is 'When; older changes are not sent.';
comment on column natsweep.webhook.next_at is 'Nothing is sent earlier: the back-off after failures.';
comment on column natsweep.webhook.failures is 'Attempts that failed since the last that did not.';
comment on column natsweep.webhook.failing_since is 'The first of these; null: the last attempt went well.';
comment on column natsweep.webhook.last_status is 'The last HTTP status; null: there was none.';
comment on column natsweep.webhook.last_error is 'What went wrong last; null: nothing.';
comment on column natsweep.webhook.delivered is 'Events that arrived.';
comment on column natsweep.webhook.dropped is 'Events that were given up, because there were too many or they were too old.';

alter table natsweep.webhook enable row level security;
alter table natsweep.webhook force row level security;
create policy owner on natsweep.webhook to natsweep_owner using (true) with check (true);
create policy reader on natsweep.webhook for select to natsweep_viewer
  using ((select natsweep.sees_all()) or customer_id = any ((select natsweep.my_customers())::bigint[]));
grant select (webhook_id, customer_id, name, host, private_allowed, hold, created_by, created_at, next_at, failures, failing_since,
  last_status, last_error, delivered, dropped) on natsweep.webhook to natsweep_viewer;

commit;
