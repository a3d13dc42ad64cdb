-- The batches of long reports.
begin;
set local role natsweep_owner;

create function natsweep.new_batches(reports natsweep.report_in[]) returns integer[]
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  items integer[];
begin
  with stored as (
    insert into natsweep.report_batch as b (site_id, at, sweep_id, batch, batches, port_count, pass_count, fail_count,
      unjudged_count, forwarded_count, unforwarded_count)
    select r.site_id, natsweep.from_us(r.at_us), r.sweep_id, r.batch, r.batches, r.port_count, r.pass_count, r.fail_count,
      r.unjudged_count, r.forwarded_count, r.unforwarded_count
    from unnest(reports) as r
    on conflict (site_id, at, sweep_id, batch) do nothing
    returning b.site_id, b.at, b.sweep_id, b.batch
  )
  select coalesce(array_agg(r.item), '{}')
  into items
  from stored s
  join unnest(reports) as r
    on r.site_id = s.site_id and natsweep.from_us(r.at_us) = s.at and r.sweep_id = s.sweep_id and r.batch = s.batch;
  return items;
end
$$;

comment on function natsweep.new_batches(natsweep.report_in[]) is
  'Stores the report_batch of batches, no two the same; returns the items of those that were not there.';

commit;
