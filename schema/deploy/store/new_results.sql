-- The results of whole sweeps.
begin;
set local role natsweep_owner;

create function natsweep.new_results(reports natsweep.report_in[]) returns integer[]
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  items integer[];
begin
  with stored as (
    insert into natsweep.sweep_result as s (site_id, at, sweep_id, outcome, family, message, advice, warnings, server_name,
      server_address, server_port, other_address, other_port, local_address, public_address, started_at, duration_us, nat_class,
      mapping, filtering, port_preservation, hairpin, generic_alg, double_nat, sip_alg, sip_alg_diff, binding_lifetime_s,
      forwarding, port_count, pass_count, fail_count, unjudged_count)
    select r.site_id, natsweep.from_us(r.at_us), r.sweep_id, r.outcome, r.family, r.message, r.advice, r.warnings, r.server_name,
      r.server_address, r.server_port, r.other_address, r.other_port, r.local_address, r.public_address,
      natsweep.from_us(r.started_at_us), r.duration_us, r.nat_class, r.mapping, r.filtering, r.port_preservation, r.hairpin,
      r.generic_alg, r.double_nat, r.sip_alg, r.sip_alg_diff, r.binding_lifetime_s,
      natsweep.forwarding(r.forwarded_count, r.unforwarded_count), r.port_count, r.pass_count, r.fail_count, r.unjudged_count
    from unnest(reports) as r
    on conflict (site_id, at, sweep_id) do nothing
    returning s.site_id, s.at, s.sweep_id
  )
  select coalesce(array_agg(r.item), '{}')
  into items
  from stored s
  join unnest(reports) as r on r.site_id = s.site_id and natsweep.from_us(r.at_us) = s.at and r.sweep_id = s.sweep_id;
  return items;
end
$$;

comment on function natsweep.new_results(natsweep.report_in[]) is
  'Stores the sweep_result of last batches, no two of one sweep, with the counts of these batches alone; returns the items of '
  'those that were not there.';

commit;
