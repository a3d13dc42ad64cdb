-- How the webhooks are.
begin;
set local role natsweep_owner;

create view natsweep.webhook_status with (security_invoker) as
  select c.name::text as customer, w.name::text as webhook, w.host, q.waiting, q.oldest_waiting, w.delivered, w.dropped,
    w.failing_since, w.failures, w.last_status, w.last_error, case when q.waiting > 0 then w.next_at end as next_attempt,
    w.hold, w.private_allowed, w.created_by, w.created_at, w.webhook_id, w.customer_id
  from natsweep.webhook w
  join natsweep.customer c on c.customer_id = w.customer_id
  cross join lateral (
    select count(*) as waiting, min(d.created_at) as oldest_waiting
    from natsweep.webhook_delivery d
    where d.webhook_id = w.webhook_id and d.state = 'waiting'
  ) as q;

comment on view natsweep.webhook_status is 'One row a webhook: where it goes and how that goes.';
comment on column natsweep.webhook_status.customer is 'Whose changes.';
comment on column natsweep.webhook_status.webhook is 'What people call it.';
comment on column natsweep.webhook_status.host is 'Where to; the rest of the address is a secret.';
comment on column natsweep.webhook_status.waiting is 'Events not yet delivered.';
comment on column natsweep.webhook_status.oldest_waiting is 'When the oldest of them was found.';
comment on column natsweep.webhook_status.delivered is 'Events that arrived.';
comment on column natsweep.webhook_status.dropped is 'Events that were given up.';
comment on column natsweep.webhook_status.failing_since is 'Since when attempts fail; null: they do not.';
comment on column natsweep.webhook_status.failures is 'How many in a row.';
comment on column natsweep.webhook_status.last_status is 'The last HTTP status.';
comment on column natsweep.webhook_status.last_error is 'What went wrong last.';
comment on column natsweep.webhook_status.next_attempt is 'When it is tried again, at the earliest.';
comment on column natsweep.webhook_status.hold is 'How long a change is held, lest it was not true.';
comment on column natsweep.webhook_status.private_allowed is 'Whether private addresses are allowed.';
comment on column natsweep.webhook_status.created_by is 'Who made it.';
comment on column natsweep.webhook_status.created_at is 'When.';
comment on column natsweep.webhook_status.webhook_id is 'The number of the webhook.';
comment on column natsweep.webhook_status.customer_id is 'The number of the customer.';
grant select on natsweep.webhook_status to natsweep_viewer;

commit;
