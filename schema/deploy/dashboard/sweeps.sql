-- The last sweeps of a site.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_sweeps(sweeps_of bigint) returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
begin atomic
  select coalesce(jsonb_agg(to_jsonb(w) order by w.at desc, w.sweep_id desc), '[]')
  from (
    select r.at, r.sweep_id, (natsweep.outcome_words())[r.outcome] as outcome,
      (natsweep.nat_class_words())[r.nat_class] as nat_class, (natsweep.forwarding_words())[r.forwarding] as forwarding,
      r.family, r.message, r.advice, r.warnings, r.server_name,
      host(r.public_address) as public_address, host(r.local_address) as local_address, r.duration_us,
      (natsweep.behaviour_words())[r.mapping] as mapping, (natsweep.behaviour_words())[r.filtering] as filtering,
      r.port_preservation, r.hairpin, r.generic_alg, r.double_nat, r.sip_alg, r.sip_alg_diff, r.binding_lifetime_s,
      r.port_count, r.pass_count, r.fail_count, r.unjudged_count
    from natsweep.sweep_result r
    where r.site_id = sweeps_of
    order by r.at desc, r.sweep_id desc
    limit 60
  ) as w;
end;

comment on function natsweep.dashboard_sweeps(bigint) is
  'The last sixty sweeps of a site with all that they found out about its NAT.';
grant execute on function natsweep.dashboard_sweeps(bigint) to natsweep_viewer;

commit;
