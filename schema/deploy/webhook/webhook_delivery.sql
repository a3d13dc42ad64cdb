-- The outbox of the webhooks.
begin;
set local role natsweep_owner;

create table natsweep.webhook_delivery (
  delivery_id uuid primary key default gen_random_uuid(),
  webhook_id bigint not null references natsweep.webhook on delete cascade,
  customer_id bigint not null,
  event text not null,
  subject text not null,
  detail jsonb not null,
  body text,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'withdrawn', 'dropped')),
  created_at timestamptz not null default now(),
  next_at timestamptz not null,
  attempts integer not null default 0,
  lease uuid,
  lease_until timestamptz,
  ended_at timestamptz,
  status integer,
  error text,
  unique (webhook_id, event, subject)
) with (fillfactor = 50);
create index webhook_delivery_waiting on natsweep.webhook_delivery (webhook_id, attempts, created_at, next_at)
  where state = 'waiting';
create index webhook_delivery_leased on natsweep.webhook_delivery (webhook_id) where state = 'waiting' and lease is not null;
create index webhook_delivery_ended on natsweep.webhook_delivery (ended_at) where ended_at is not null;

comment on table natsweep.webhook_delivery is
  'One row an event for a webhook: written in the transaction that found the event, kept for a month so that nothing is told '
  'twice.';
comment on column natsweep.webhook_delivery.delivery_id is 'The same at every attempt, so that a receiver knows an event again.';
comment on column natsweep.webhook_delivery.webhook_id is 'Where to.';
comment on column natsweep.webhook_delivery.customer_id is 'Whose.';
comment on column natsweep.webhook_delivery.event is
  'site_change, site_flapping, site_settled, vantage_outage, vantage_recovered or test.';
comment on column natsweep.webhook_delivery.subject is
  'What it is about, so that the same is told once: the sweep, the site or the server and since when.';
comment on column natsweep.webhook_delivery.detail is 'The facts of the event when it was found.';
comment on column natsweep.webhook_delivery.body is 'What is sent, from the first attempt on never changed.';
comment on column natsweep.webhook_delivery.state is
  'waiting, delivered, withdrawn (it was not true after all) or dropped (given up).';
comment on column natsweep.webhook_delivery.created_at is 'When it was found.';
comment on column natsweep.webhook_delivery.next_at is 'Not to be sent earlier.';
comment on column natsweep.webhook_delivery.attempts is 'Attempts so far.';
comment on column natsweep.webhook_delivery.lease is 'Who is sending it now.';
comment on column natsweep.webhook_delivery.lease_until is 'After this somebody else may.';
comment on column natsweep.webhook_delivery.ended_at is 'When it left the queue.';
comment on column natsweep.webhook_delivery.status is 'The last HTTP status; null: there was none.';
comment on column natsweep.webhook_delivery.error is 'What went wrong at the last attempt.';

alter table natsweep.webhook_delivery enable row level security;
alter table natsweep.webhook_delivery force row level security;
create policy owner on natsweep.webhook_delivery to natsweep_owner using (true) with check (true);
create policy reader on natsweep.webhook_delivery for select to natsweep_viewer
  using ((select natsweep.sees_all()) or customer_id = any ((select natsweep.my_customers())::bigint[]));
grant select on natsweep.webhook_delivery to natsweep_viewer;

commit;
