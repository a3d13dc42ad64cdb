-- What happens to webhooks by the clock.
begin;
set local role natsweep_owner;

create function natsweep.tend_webhooks() returns integer
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  queue_max constant integer := 10000; -- of one webhook
  patience constant interval := '3 days'; -- a weekend and a day
  memory constant interval := '30 days'; -- longer than changes are news
  over constant interval := '1 hour'; -- without a sweep that misses the server it is back, or nobody asks it
  changed integer := 0;
  part integer;
begin
  if not exists (select from natsweep.webhook) then
    return 0;
  end if;

  -- Servers that are out of order, a message a customer.
  with outage as (
    select w.webhook_id, w.customer_id, f.server_name, min(f.at) as first_seen, count(distinct f.site_id) as sites
    from natsweep.vantage_fault f
    join natsweep.site s on s.site_id = f.site_id
    join natsweep.webhook w on w.customer_id = s.customer_id and w.created_at <= f.at
    where f.at > now() - over
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
  get diagnostics part = row_count;
  changed := changed + part;

  -- What is over.
  with quiet_over as (
    delete from natsweep.webhook_quiet q
    where q.what = 'server' and not exists (
        select from natsweep.vantage_fault f
        join natsweep.site s on s.site_id = f.site_id and s.customer_id = q.customer_id
        where f.at > now() - over and f.server_name = q.subject)
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
  get diagnostics part = row_count;
  changed := changed + part;

  -- What nobody takes is given up aloud.
  with worst as (
    select d.delivery_id
    from natsweep.webhook_delivery d
    where d.state = 'waiting' and d.created_at < now() - patience
    union
    select n.delivery_id
    from (
      select d.delivery_id, row_number() over (partition by d.webhook_id order by d.created_at desc) as place
      from natsweep.webhook_delivery d
      where d.state = 'waiting'
    ) as n
    where n.place > queue_max
  ), given_up as (
    update natsweep.webhook_delivery d
    set state = 'dropped', ended_at = now(), error = coalesce(d.error, 'the queue was full')
    from worst
    where d.delivery_id = worst.delivery_id
    returning d.webhook_id
  ), counted as (
    update natsweep.webhook w
    set dropped = w.dropped + g.events
    from (select u.webhook_id, count(*) as events from given_up u group by u.webhook_id) as g
    where w.webhook_id = g.webhook_id
    returning g.events
  )
  select coalesce(sum(c.events), 0) into part from counted c;
  if part > 0 then
    raise warning 'natsweep: % webhook events were given up because nobody took them', part;
  end if;
  changed := changed + part;
  delete from natsweep.webhook_delivery d where d.ended_at < now() - memory;
  get diagnostics part = row_count;
  return changed + part;
end
$$;

comment on function natsweep.tend_webhooks() is
  'Tells of outages of servers and of what is over, gives up events that are older than three days or more than 10,000 of one webhook, and forgets those that ended a month ago. Returns how much changed.';

commit;
