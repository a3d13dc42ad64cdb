-- Long reports of which every batch is stored.
begin;
set local role natsweep_owner;

create function natsweep.finish_sweeps(reports natsweep.report_in[]) returns void
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  site_ids bigint[];
  sweep_ids bigint[];
  outcomes smallint[];
begin
  -- The last two batches of a sweep may come in two transactions that do not see each other: the later one waits here for the
  -- earlier one. In the order of sweep_step(), so that two calls cannot wait for each other.
  perform from natsweep.sweep s
  where s.sweep_id = any (array(select r.sweep_id from unnest(reports) as r))
  order by s.sweep_id
  for update;

  with touched as (
    select distinct r.site_id, natsweep.from_us(r.at_us) as at, r.sweep_id from unnest(reports) as r
  ),
  complete as (
    select b.site_id, b.at, b.sweep_id, sum(b.port_count) as port_count,
      sum(b.pass_count) as pass_count, sum(b.fail_count) as fail_count, sum(b.unjudged_count) as unjudged_count,
      sum(b.forwarded_count) as forwarded_count, sum(b.unforwarded_count) as unforwarded_count
    from touched t
    join natsweep.report_batch b on b.site_id = t.site_id and b.at = t.at and b.sweep_id = t.sweep_id
    group by b.site_id, b.at, b.sweep_id
    having count(*) = max(b.batches)
  ),
  spared as (
    -- Alternatives may have come in different batches, so only now it shows which ones are not needed.
    select c.*, coalesce(n.ports, 0) as spared_count, coalesce(n.unforwarded, 0) as spared_unforwarded_count
    from complete c
    left join lateral natsweep.spared_ports(array[0], array[c.sweep_id], array(
      select row (0, v.part, v.transport, v.verdict, v.reason, v.reached, v.preserved, v.inbound, v.unsolicited, v.live,
          null, v.ports)::natsweep.part_in
      from natsweep.port_verdict v
      where v.site_id = c.site_id and v.at = c.at and v.sweep_id = c.sweep_id
    )) as n on true
  ),
  summed as (
    update natsweep.sweep_result r
    set port_count = c.port_count, pass_count = c.pass_count + c.spared_count, fail_count = c.fail_count - c.spared_count,
      unjudged_count = c.unjudged_count,
      forwarding = natsweep.forwarding(c.forwarded_count, c.unforwarded_count - c.spared_unforwarded_count)
    from spared c
    where r.site_id = c.site_id and r.at = c.at and r.sweep_id = c.sweep_id
    returning r.site_id, r.sweep_id, r.outcome
  )
  select array_agg(f.site_id), array_agg(f.sweep_id), array_agg(f.outcome)
  into site_ids, sweep_ids, outcomes
  from summed f;
  if site_ids is not null then
    perform natsweep.sweep_finished(site_ids, sweep_ids, outcomes);
  end if;
end
$$;

comment on function natsweep.finish_sweeps(natsweep.report_in[]) is
  'Of the long reports that these new batches belong to, gives those of which every batch is stored their sums and ends their '
  'sweeps.';

commit;
