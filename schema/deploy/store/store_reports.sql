-- The one way into the tables of facts.
begin;
set local role natsweep_owner;

create function natsweep.store_reports(reports natsweep.report_in[], parts natsweep.part_in[], evidence natsweep.evidence_in[])
  returns table (item integer, status text)
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  known_items integer[];
  fresh_items integer[];
  fresh natsweep.report_in[];
begin
  select coalesce(array_agg(i.item), '{}')
  into known_items
  from unnest(
    array(select r.item from unnest(reports) as r),
    natsweep.sweep_known(
      array(select r.site_id from unnest(reports) as r),
      array(select r.sweep_id from unnest(reports) as r),
      array(select r.at_us from unnest(reports) as r))) as i (item, is_known)
  where i.is_known;

  perform natsweep.need_partitions(
    array(select distinct natsweep.from_us(r.at_us) from unnest(reports) as r where r.item = any (known_items)));

  -- A batch may be here twice, when an agent was impatient: the first one counts.
  with candidate as (
    select distinct on (r.site_id, r.at_us, r.sweep_id, r.batch) r.*
    from unnest(reports) as r
    where r.item = any (known_items)
    order by r.site_id, r.at_us, r.sweep_id, r.batch, r.item
  ),
  stored as (
    insert into natsweep.report_batch as b (site_id, at, sweep_id, batch, batches, port_count, pass_count, fail_count,
      unjudged_count, forwarded_count, unforwarded_count)
    select c.site_id, natsweep.from_us(c.at_us), c.sweep_id, c.batch, c.batches, c.port_count, c.pass_count, c.fail_count,
      c.unjudged_count, c.forwarded_count, c.unforwarded_count
    from candidate c
    on conflict (site_id, at, sweep_id, batch) do nothing
    returning b.site_id, b.at, b.sweep_id, b.batch
  )
  select coalesce(array_agg(c.item), '{}')
  into fresh_items
  from stored s
  join candidate c on c.site_id = s.site_id and natsweep.from_us(c.at_us) = s.at and c.sweep_id = s.sweep_id and c.batch = s.batch;

  if cardinality(fresh_items) > 0 then
    fresh := array(select r from unnest(reports) as r where r.item = any (fresh_items));
    perform natsweep.store_ports(fresh, parts, evidence);
    perform natsweep.store_results(fresh);
    perform natsweep.finish_sweeps(fresh);
  end if;

  return query
    select r.item, case
      when r.item = any (fresh_items) then 'stored'
      when r.item = any (known_items) then 'duplicate'
      else 'unknown'
    end
    from unnest(reports) as r;
end
$$;

comment on function natsweep.store_reports(natsweep.report_in[], natsweep.part_in[], natsweep.evidence_in[]) is
  'Stores report batches, each once however often it comes, and ends the sweeps that are now complete. Says of each: stored, duplicate (stored before) or unknown (no such sweep of that site at that time: not stored).';
grant execute on function natsweep.store_reports(natsweep.report_in[], natsweep.part_in[], natsweep.evidence_in[]) to natsweep_collector;

commit;
