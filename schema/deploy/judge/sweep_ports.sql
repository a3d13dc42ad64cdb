-- The judged ports of a sweep, as sets.
begin;
set local role natsweep_owner;

create view natsweep.sweep_ports with (security_invoker) as
  select p.site_id, p.at, p.sweep_id, p.transport,
    coalesce(range_agg(p.ports) filter (where p.good), '{}') as good,
    coalesce(range_agg(p.ports) filter (where not p.good), '{}') as bad
  from (
    select v.site_id, v.at, v.sweep_id, (natsweep.transport_words())[v.transport] as transport,
      v.ports * int4multirange(int4range(h.first, h.last, '[]')) as ports,
      case when not e.good and h.alternative <> 0
        then natsweep.alternative_works(v.site_id, v.at, v.sweep_id, h.alternative) else e.good end as good
    from natsweep.port_verdict v
    join natsweep.port_plan k on k.plan_id = v.plan_id
    join lateral unnest(k.ranges) as h on h.transport = v.transport and v.ports && int4range(h.first, h.last, '[]')
    cross join lateral (
      select natsweep.as_expected(
        (natsweep.verdict_words())[v.verdict], (natsweep.expect_words())[h.expect], v.unsolicited) as good
    ) as e
  ) as p
  group by p.site_id, p.at, p.sweep_id, p.transport;

comment on view natsweep.sweep_ports is
  'One row a sweep and transport: which of the judged ports are as expected and which are not. Bound site_id, at and sweep_id by '
  'constants, or in a lateral subselect with offset 0, or it reads everything there is.';
comment on column natsweep.sweep_ports.site_id is 'The number of the site.';
comment on column natsweep.sweep_ports.at is 'When the sweep was first claimed.';
comment on column natsweep.sweep_ports.sweep_id is 'The sweep.';
comment on column natsweep.sweep_ports.transport is 'udp or tcp.';
comment on column natsweep.sweep_ports.good is 'Ports that are as expected.';
comment on column natsweep.sweep_ports.bad is 'Ports that are not.';
grant select on natsweep.sweep_ports to natsweep_viewer;

commit;
