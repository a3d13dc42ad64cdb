-- Results that are the status of their site by themselves.
begin;
set local role natsweep_owner;

create function natsweep.stand_alone(results natsweep.sweep_result[]) returns void
  language sql set search_path = pg_catalog, pg_temp
begin atomic
  insert into natsweep.site_last as l (site_id, at, sweep_id, outcome, message, nat_class, forwarding, public_address,
    pass_count, fail_count, unjudged_count, base_at, base_sweep_id, base_port_count)
  select distinct on (r.site_id) r.site_id, r.at, r.sweep_id, r.outcome, r.message, r.nat_class, r.forwarding, r.public_address,
    r.pass_count, r.fail_count, r.unjudged_count, r.at, r.sweep_id, r.port_count
  from unnest(results) as r
  order by r.site_id, r.at desc, r.sweep_id desc
  on conflict (site_id) do update
    set at = excluded.at, sweep_id = excluded.sweep_id, outcome = excluded.outcome, message = excluded.message,
      nat_class = excluded.nat_class, forwarding = excluded.forwarding, public_address = excluded.public_address,
      pass_count = excluded.pass_count, fail_count = excluded.fail_count, unjudged_count = excluded.unjudged_count,
      base_at = excluded.base_at, base_sweep_id = excluded.base_sweep_id, base_port_count = excluded.base_port_count
    where (excluded.at, excluded.sweep_id) >= (l.at, l.sweep_id);
end;

comment on function natsweep.stand_alone(natsweep.sweep_result[]) is
  'Makes results the status of their sites, of each site the newest, unless a newer one is.';

commit;
