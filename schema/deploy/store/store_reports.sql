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
  overlapping integer[] := '{}';
  -- A batch may be here twice, when an agent was impatient: the first one counts.
  short natsweep.report_in[];
  long natsweep.report_in[];
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
    array(select natsweep.from_us(r.at_us) from unnest(reports) as r where r.item = any (known_items)));

  select coalesce(array_agg(d.r) filter (where (d.r).batches = 1), '{}'),
    coalesce(array_agg(d.r) filter (where (d.r).batches > 1), '{}')
  into short, long
  from (
    select distinct on (r.site_id, r.at_us, r.sweep_id, r.batch) r
    from unnest(reports) as r
    where r.item = any (known_items)
    order by r.site_id, r.at_us, r.sweep_id, r.batch, r.item
  ) as d;

  short := natsweep.spare_alternatives(short, parts);
  if cardinality(long) > 0 then
    overlapping := natsweep.overlapping_batches(long, parts);
    long := array(select r from unnest(long) as r where r.item <> all (overlapping));
  end if;
  fresh_items := natsweep.new_results(short) || natsweep.new_batches(long);
  short := array(select r from unnest(short) as r where r.item = any (fresh_items));
  long := array(select r from unnest(long) as r where r.item = any (fresh_items));
  perform natsweep.store_ports(short || long, parts, evidence);
  perform natsweep.sweep_finished(
    array(select r.site_id from unnest(short) as r),
    array(select r.sweep_id from unnest(short) as r),
    array(select r.outcome from unnest(short) as r));
  if cardinality(long) > 0 then
    perform natsweep.new_results(array(select r from unnest(long) as r where r.outcome is not null));
    perform natsweep.finish_sweeps(long);
  end if;

  return query
    select r.item, case
      when r.item = any (fresh_items) then 'stored'
      when r.item = any (overlapping) then 'overlapping'
      when r.item = any (known_items) then 'duplicate'
      else 'unknown'
    end
    from unnest(reports) as r;
end
$$;

comment on function natsweep.store_reports(natsweep.report_in[], natsweep.part_in[], natsweep.evidence_in[]) is
  'Stores report batches, each once however often it comes, and ends the sweeps that are now complete. Says of each: stored, '
  'duplicate (stored before), unknown (no such sweep of that site at that time: not stored) or overlapping (a port of it is in '
  'another batch of the sweep: not stored).';
grant execute on function natsweep.store_reports(natsweep.report_in[], natsweep.part_in[], natsweep.evidence_in[])
  to natsweep_collector;

commit;
