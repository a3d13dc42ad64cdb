-- What sweeps found out as a whole.
begin;
set local role natsweep_owner;

create function natsweep.store_results(reports natsweep.report_in[]) returns void
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  insert into natsweep.sweep_result (site_id, at, sweep_id, outcome, family, message, advice, warnings, server_name,
    server_address, server_port, other_address, other_port, local_address, public_address, started_at, duration_us, nat_class,
    mapping, filtering, port_preservation, hairpin, generic_alg, double_nat, sip_alg, sip_alg_diff, binding_lifetime_s,
    forwarding, port_count, pass_count, fail_count, unjudged_count)
  select r.site_id, natsweep.from_us(r.at_us), r.sweep_id, r.outcome, r.family, r.message, r.advice, r.warnings, r.server_name,
    r.server_address, r.server_port, r.other_address, r.other_port, r.local_address, r.public_address,
    natsweep.from_us(r.started_at_us), r.duration_us, r.nat_class, r.mapping, r.filtering, r.port_preservation, r.hairpin,
    r.generic_alg, r.double_nat, r.sip_alg, r.sip_alg_diff, r.binding_lifetime_s,
    natsweep.forwarding(r.forwarded_count, r.unforwarded_count), r.port_count, r.pass_count, r.fail_count, r.unjudged_count
  from unnest(reports) as r
  where r.outcome is not null
  on conflict (site_id, at, sweep_id) do nothing;
end
$$;

comment on function natsweep.store_results(natsweep.report_in[]) is 'Stores the sweep_result of every last batch among these, with the counts of that batch alone.';

commit;
