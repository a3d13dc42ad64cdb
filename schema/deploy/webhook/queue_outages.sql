-- Outages of servers into the outbox.
begin;
set local role natsweep_owner;

create function natsweep.queue_outages(missed_since timestamptz) returns integer
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  queued integer;
begin
  with outage as (
    select w.webhook_id, w.customer_id, f.server_name, min(f.at) as first_seen, count(distinct f.site_id) as sites
    from natsweep.vantage_fault f
    join natsweep.site s on s.site_id = f.site_id
    join natsweep.webhook w on w.customer_id = s.customer_id and w.created_at <= f.at
    where f.at > missed_since
    group by w.webhook_id, f.server_name
  ), told as (
    insert into natsweep.webhook_quiet (webhook_id, customer_id, what, subject)
    select o.webhook_id, o.customer_id, 'server', o.server_name from outage o
    on conflict (webhook_id, what, subject) do nothing
    returning webhook_id, subject, since
  )
  insert into natsweep.webhook_delivery (webhook_id, customer_id, event, subject, detail, next_at)
  select o.webhook_id, o.customer_id, 'vantage_outage', format('%s %s', t.since, o.server_name),
    jsonb_build_object('server', o.server_name, 'first_seen', o.first_seen, 'sites', o.sites), now()
  from told t
  join outage o on o.webhook_id = t.webhook_id and o.server_name = t.subject;
  get diagnostics queued = row_count;
  return queued;
end
$$;

comment on function natsweep.queue_outages(timestamptz) is
  'Tells the webhooks of each customer once of a server that some of its sites have missed since a time; returns how many events.';

commit;
