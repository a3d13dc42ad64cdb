-- Batches that report ports which another batch of their sweep has.
begin;
set local role natsweep_owner;

create function natsweep.overlapping_batches(reports natsweep.report_in[], parts natsweep.part_in[]) returns integer[]
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
  return array(
    with reported as (
      select r.item, r.site_id, natsweep.from_us(r.at_us) as at, r.sweep_id, r.batch, p.transport, range_agg(p.ports) as ports
      from unnest(reports) as r
      join unnest(parts) as p on p.item = r.item
      group by r.item, r.site_id, r.at_us, r.sweep_id, r.batch, p.transport
    )
    select distinct n.item
    from reported n
    where exists (
        select from natsweep.port_verdict v
        where v.site_id = n.site_id and v.at = n.at and v.sweep_id = n.sweep_id and v.batch <> n.batch and v.transport = n.transport
          and v.ports && n.ports)
      or exists (
        select from reported o
        where o.site_id = n.site_id and o.at = n.at and o.sweep_id = n.sweep_id and o.batch < n.batch and o.transport = n.transport
          and o.ports && n.ports));
end
$$;

comment on function natsweep.overlapping_batches(natsweep.report_in[], natsweep.part_in[]) is
  'Those of long reports'' batches, by item, that have a port which another batch of the same sweep has: stored, the port would '
  'have two rows. The first one stored, or else the lower number, is believed.';

commit;
