-- Adds up a day of a customer.
begin;
set local role natsweep_owner;

create function natsweep.roll_up_day(customer_id bigint, day date) returns void
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  delete from natsweep.customer_day o where o.customer_id = roll_up_day.customer_id and o.day = roll_up_day.day;
  insert into natsweep.customer_day
  select roll_up_day.customer_id, roll_up_day.day, count(*),
    count(*) filter (where w.outcome = 'supported'), count(*) filter (where w.outcome = 'partial'),
    count(*) filter (where w.outcome = 'unsupported'), count(*) filter (where w.outcome = 'inconclusive'),
    count(*) filter (where w.outcome = 'not_run'),
    count(*) filter (where w.class = 'open_internet'), count(*) filter (where w.class = 'full_cone'),
    count(*) filter (where w.class = 'restricted_cone'), count(*) filter (where w.class = 'port_restricted_cone'),
    count(*) filter (where w.class = 'symmetric'), count(*) filter (where w.class = 'symmetric_firewall'),
    count(*) filter (where w.class = 'udp_blocked'), count(*) filter (where coalesce(w.class, 'unknown') = 'unknown'),
    sum(w.pass_count), sum(w.fail_count), sum(w.unjudged_count)
  from (
    select (natsweep.outcome_words())[d.outcome] as outcome, (natsweep.nat_class_words())[d.nat_class] as class,
      d.pass_count, d.fail_count, d.unjudged_count
    from natsweep.site s
    join natsweep.site_day d on d.site_id = s.site_id
    where s.customer_id = roll_up_day.customer_id and d.day = roll_up_day.day
  ) as w
  having count(*) > 0;

  delete from natsweep.port_day o where o.customer_id = roll_up_day.customer_id and o.day = roll_up_day.day;
  insert into natsweep.port_day (customer_id, day, transport, failing, judged, ports)
  select roll_up_day.customer_id, roll_up_day.day, r.transport, r.failing, r.judged, range_agg(int4range(r.port, r.next_port))
  from (
    -- A running total over the edges of the ranges; the ports themselves are never counted one by one.
    select e.transport, e.port, lead(e.port) over in_order as next_port,
      sum(e.failing) over in_order as failing, sum(e.judged) over in_order as judged
    from (
      select p.transport, g.port, sum(g.failing) as failing, sum(g.judged) as judged
      from natsweep.site s
      join natsweep.site_day d on d.site_id = s.site_id
      cross join lateral ( -- offset 0 keeps it a search by key
        select * from natsweep.sweep_ports n where n.site_id = d.site_id and n.at = d.at and n.sweep_id = d.sweep_id offset 0) as p
      cross join lateral (
        select lower(b), 1, 1 from unnest(p.bad) as b
        union all
        select upper(b), -1, -1 from unnest(p.bad) as b
        union all
        select lower(g), 0, 1 from unnest(p.good) as g
        union all
        select upper(g), 0, -1 from unnest(p.good) as g
      ) as g (port, failing, judged)
      where s.customer_id = roll_up_day.customer_id and d.day = roll_up_day.day
      group by p.transport, g.port
      having sum(g.failing) <> 0 or sum(g.judged) <> 0
    ) as e
    window in_order as (partition by e.transport order by e.port)
  ) as r
  where r.judged > 0
  group by r.transport, r.failing, r.judged;
end
$$;

comment on function natsweep.roll_up_day(bigint, date) is
  'Makes customer_day and port_day of a customer and a day what site_day and the facts say.';

commit;
