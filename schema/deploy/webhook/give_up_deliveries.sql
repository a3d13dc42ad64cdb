-- What nobody takes is given up.
begin;
set local role natsweep_owner;

create function natsweep.give_up_deliveries() returns integer
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  queue_max constant integer := 10000; -- of one webhook
  patience constant interval := '3 days'; -- a weekend and a day
  given_up_count integer;
begin
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
  select coalesce(sum(c.events), 0) into given_up_count from counted c;
  if given_up_count > 0 then
    raise warning 'natsweep: % webhook events were given up because nobody took them', given_up_count;
  end if;
  return given_up_count;
end
$$;

comment on function natsweep.give_up_deliveries() is
  'Gives up aloud the events that are older than three days or more than 10,000 of one webhook; returns how many.';

commit;
