-- The counts of reports without the alternatives that nobody needs.
begin;
set local role natsweep_owner;

create function natsweep.spare_alternatives(reports natsweep.report_in[], parts natsweep.part_in[]) returns natsweep.report_in[]
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  counted natsweep.report_in[] := reports;
  spared record;
begin
  for spared in
    select u.ordinality as place, n.ports, n.unforwarded
    from natsweep.spared_ports(
      array(select r.item from unnest(reports) as r), array(select r.sweep_id from unnest(reports) as r), parts) as n
    join unnest(reports) with ordinality as u on u.item = n.item
  loop
    counted[spared.place].pass_count := counted[spared.place].pass_count + spared.ports;
    counted[spared.place].fail_count := counted[spared.place].fail_count - spared.ports;
    counted[spared.place].unforwarded_count := counted[spared.place].unforwarded_count - spared.unforwarded;
  end loop;
  return counted;
end
$$;

comment on function natsweep.spare_alternatives(natsweep.report_in[], natsweep.part_in[]) is
  'The reports as they came, but ports that an alternative stands in for counted as good. For reports in one batch: of others all '
  'batches must be there.';

commit;
