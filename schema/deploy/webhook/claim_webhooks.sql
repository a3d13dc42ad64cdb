-- Events to send.
begin;
set local role natsweep_owner;

create function natsweep.claim_webhooks(sender uuid, count_max integer)
  returns table (delivery_id uuid, event text, attempt integer, url text, secret bytea, private_allowed boolean, body text)
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  held constant interval := '60 s'; -- several times what an attempt may take
  at_once constant integer := 4; -- of one webhook, and one while it fails
begin
  return query
    with candidate as (
      select d.delivery_id
      from natsweep.webhook w
      cross join lateral (
        -- Fewest attempts first: an event that is refused again and again must not hold up the others.
        select o.delivery_id
        from natsweep.webhook_delivery o
        where o.webhook_id = w.webhook_id and o.state = 'waiting' and o.next_at <= now()
          and (o.lease_until is null or o.lease_until < now())
        order by o.attempts, o.created_at
        limit greatest(0, case when w.failures > 0 then 1 else at_once end - (
          select count(*)
          from natsweep.webhook_delivery l
          where l.webhook_id = w.webhook_id and l.state = 'waiting' and l.lease is not null and l.lease_until >= now()))
      ) as d
      where w.next_at <= now()
      limit count_max
    ), taken as (
      select d as delivery
      from natsweep.webhook_delivery d
      where d.delivery_id in (select c.delivery_id from candidate c) and d.state = 'waiting'
        and (d.lease_until is null or d.lease_until < now())
      for update skip locked
    ), written as (
      select (t.delivery).delivery_id, coalesce((t.delivery).body, natsweep.webhook_body(t.delivery)) as body from taken t
    ), claimed as (
      update natsweep.webhook_delivery d
      set body = n.body, attempts = d.attempts + (n.body is not null)::integer,
        state = case when n.body is null then 'withdrawn' else d.state end, ended_at = case when n.body is null then now() end,
        lease = sender, lease_until = now() + held
      from written n
      where d.delivery_id = n.delivery_id
      returning d.delivery_id, d.webhook_id, d.event, d.attempts, d.body, d.state
    )
    select c.delivery_id, c.event, c.attempts, w.url, w.secret, w.private_allowed, c.body
    from claimed c
    join natsweep.webhook w on w.webhook_id = c.webhook_id
    where c.state = 'waiting';
end
$$;

comment on function natsweep.claim_webhooks(uuid, integer) is
  'At most so many events that are to be sent now, leased to a sender: nobody else gets them for a minute. What is not true any '
  'more is withdrawn.';
grant execute on function natsweep.claim_webhooks(uuid, integer) to natsweep_collector;

commit;
