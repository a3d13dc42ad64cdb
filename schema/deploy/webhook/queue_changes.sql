-- Changes of sites into the outbox.
begin;
set local role natsweep_owner;

create function natsweep.queue_changes(site_ids bigint[], since timestamptz[]) returns integer
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  -- What an agent brings after a week is history; what is judged anew is told once, because deliveries are kept for longer.
  news constant interval := '7 days';
  queued integer;
begin
  if not exists (select from natsweep.webhook) then
    return 0;
  end if;
  -- A site that flaps is told once.
  with flapping as (
    select w.webhook_id, w.customer_id, s.site_id, w.hold
    from natsweep.site s
    join natsweep.site_judgement j on j.site_id = s.site_id and j.flapping_until > now()
    join natsweep.webhook w on w.customer_id = s.customer_id
    where exists (
      select from unnest(site_ids, since) as d (site_id, since)
      join natsweep.change c on c.site_id = d.site_id and c.at >= d.since
      where d.site_id = s.site_id)
  ), told as (
    insert into natsweep.webhook_quiet as q (webhook_id, customer_id, what, subject)
    select f.webhook_id, f.customer_id, 'site', f.site_id::text from flapping f
    on conflict (webhook_id, what, subject) do update set held_back = q.held_back + 1
    returning q.webhook_id, q.subject, q.since
  )
  insert into natsweep.webhook_delivery (webhook_id, customer_id, event, subject, detail, next_at)
  select f.webhook_id, f.customer_id, 'site_flapping', format('%s %s', t.subject, t.since),
    jsonb_build_object('site_id', f.site_id), now() + f.hold
  from told t
  join flapping f on f.webhook_id = t.webhook_id and f.site_id::text = t.subject
  on conflict (webhook_id, event, subject) do nothing;
  with changed as (
    select distinct c.site_id, c.at, c.sweep_id
    from unnest(site_ids, since) as d (site_id, since)
    join natsweep.change c on c.site_id = d.site_id and c.at >= d.since
    where c.at > now() - news
  )
  insert into natsweep.webhook_delivery (webhook_id, customer_id, event, subject, detail, next_at)
  select w.webhook_id, w.customer_id, 'site_change', format('%s %s', c.site_id, c.sweep_id),
    jsonb_build_object('site_id', c.site_id, 'at', c.at, 'sweep_id', c.sweep_id), now() + w.hold
  from changed c
  join natsweep.site s on s.site_id = c.site_id
  join natsweep.webhook w on w.customer_id = s.customer_id and w.created_at <= c.at
  where not exists (
    select from natsweep.webhook_quiet q where q.webhook_id = w.webhook_id and q.what = 'site' and q.subject = c.site_id::text)
  on conflict (webhook_id, event, subject) do nothing;
  get diagnostics queued = row_count;
  return queued;
end
$$;

comment on function natsweep.queue_changes(bigint[], timestamptz[]) is
  'Puts the changes of some sites from a time on into the outbox of their customers'' webhooks: one event a sweep, none of a site '
  'that flaps but that it does. Returns how many.';

commit;
