-- Keeps the days of sites true.
begin;
set local role natsweep_owner;

create function natsweep.roll_up_sites(site_ids bigint[], since timestamptz[]) returns void
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  with due as (
    select d.site_id, date_trunc('day', d.since, 'utc') as since from unnest(site_ids, since) as d (site_id, since)
  ), judged as (
    select r.*, (r.at at time zone 'utc')::date as day
    from due d
    cross join lateral (select * from natsweep.sweep_result n where n.site_id = d.site_id and n.at >= d.since) as r
    where (natsweep.outcome_words())[r.outcome] not in ('cancelled', 'interrupted')
      and not exists (select from natsweep.vantage_fault f where f.site_id = r.site_id and f.at = r.at and f.sweep_id = r.sweep_id)
  ), chosen as (
    select distinct on (j.site_id, j.day) j.site_id, j.day, j.at, j.sweep_id,
      count(*) over (partition by j.site_id, j.day) as sweeps, j.outcome, j.nat_class, j.forwarding,
        j.pass_count, j.fail_count, j.unjudged_count
    from judged j
    order by j.site_id, j.day, j.port_count desc, j.at desc, j.sweep_id desc
  ), gone as (
    delete from natsweep.site_day o
    using due d
    where o.site_id = d.site_id and o.day >= (d.since at time zone 'utc')::date
      and not exists (select from chosen c where c.site_id = o.site_id and c.day = o.day)
    returning o.site_id, o.day
  ), renewed as (
    insert into natsweep.site_day as o (site_id, day, at, sweep_id, sweeps, outcome, nat_class, forwarding, pass_count,
      fail_count, unjudged_count)
    select * from chosen
    on conflict (site_id, day) do update
      set at = excluded.at, sweep_id = excluded.sweep_id, sweeps = excluded.sweeps, outcome = excluded.outcome,
        nat_class = excluded.nat_class, forwarding = excluded.forwarding, pass_count = excluded.pass_count,
        fail_count = excluded.fail_count, unjudged_count = excluded.unjudged_count
      where o is distinct from excluded
    returning o.site_id, o.day
  )
  insert into natsweep.day_due (customer_id, day)
  select distinct s.customer_id, t.day
  from (select * from gone union all select * from renewed) as t
  join natsweep.site s on s.site_id = t.site_id
  on conflict do nothing;
end
$$;

comment on function natsweep.roll_up_sites(bigint[], timestamptz[]) is
  'Makes site_day of some sites from a time on what the facts say, and notes whose sums are out of date.';

commit;
