-- What came of sending an event.
begin;
set local role natsweep_owner;

create function natsweep.webhook_done(sender uuid, delivery uuid, status integer, error text) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  least_wait constant double precision := 10; -- seconds, doubled with every failure
  most_wait constant double precision := 900;
  arrived constant boolean := error is null and coalesce(status between 200 and 299, false);
  hook bigint;
begin
  update natsweep.webhook_delivery d
  set state = case when arrived then 'delivered' else d.state end, ended_at = case when arrived then now() end,
    lease = null, lease_until = null, status = webhook_done.status, error = left(webhook_done.error, 500)
  where d.delivery_id = delivery and d.lease = sender and d.state = 'waiting'
  returning d.webhook_id into hook;
  if not found then
    return 'not yours';
  end if;
  update natsweep.webhook w
  set failures = case when arrived then 0 else w.failures + 1 end,
    failing_since = case when not arrived then coalesce(w.failing_since, now()) end,
    -- Between half and all of the wait, so that several webhooks of one host do not come back together.
    next_at = now() + case when arrived then interval '0'
      else least(most_wait, least_wait * 2 ^ least(w.failures, 20)) * (0.5 + random() / 2) * interval '1 s' end,
    last_status = webhook_done.status, last_error = left(webhook_done.error, 500), delivered = w.delivered + arrived::integer
  where w.webhook_id = hook;
  return case when arrived then 'delivered' else 'waiting' end;
end
$$;

comment on function natsweep.webhook_done(uuid, uuid, integer, text) is
  'Notes the HTTP status, or why there was none, of an event that this sender had claimed. After a failure the whole webhook '
  'waits: 10 s, doubled up to a quarter of an hour.';
grant execute on function natsweep.webhook_done(uuid, uuid, integer, text) to natsweep_collector;

commit;
