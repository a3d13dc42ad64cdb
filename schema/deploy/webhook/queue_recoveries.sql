-- What is over into the outbox.
begin;
set local role natsweep_owner;

create function natsweep.queue_recoveries(missed_since timestamptz) returns integer
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  queued integer;
begin
  with quiet_over as (
    delete from natsweep.webhook_quiet q
    where q.what = 'server' and not exists (
        select from natsweep.vantage_fault f
        join natsweep.site s on s.site_id = f.site_id and s.customer_id = q.customer_id
        where f.at > missed_since and f.server_name = q.subject)
      or q.what = 'site' and not exists (
        select from natsweep.site_judgement j where j.site_id = q.subject::bigint and j.flapping_until > now())
    returning *
  )
  insert into natsweep.webhook_delivery (webhook_id, customer_id, event, subject, detail, next_at)
  select o.webhook_id, o.customer_id, case o.what when 'server' then 'vantage_recovered' else 'site_settled' end,
    format('%s %s', o.subject, o.since),
    case o.what
      when 'server' then jsonb_build_object('server', o.subject, 'told_at', o.since)
      else jsonb_build_object('site_id', o.subject::bigint, 'told_at', o.since, 'held_back', o.held_back)
    end, now()
  from quiet_over o;
  get diagnostics queued = row_count;
  return queued;
end
$$;

comment on function natsweep.queue_recoveries(timestamptz) is
  'Tells webhooks of servers that nobody has missed since a time and of sites that flap no more; returns how many events.';

commit;
