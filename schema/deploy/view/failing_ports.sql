-- Ports that fail most across the fleet.
begin;
set local role natsweep_owner;

create view natsweep.failing_ports with (security_invoker) as
  select r.day, r.transport, r.first_port, r.last_port, r.sites_failing, r.sites_judged,
    round(r.sites_failing / r.sites_judged, 4) as fail_rate
  from (
    select e.day, e.transport, e.port as first_port, lead(e.port) over in_order - 1 as last_port,
      sum(e.failing) over in_order as sites_failing, sum(e.judged) over in_order as sites_judged
    from (
      select g.day, g.transport, g.port, sum(g.failing) as failing, sum(g.judged) as judged
      from (
        select b.day, b.transport, lower(r) as port, b.failing, b.judged from natsweep.port_day b cross join unnest(b.ports) as r
        union all
        select a.day, a.transport, upper(r), -a.failing, -a.judged from natsweep.port_day a cross join unnest(a.ports) as r
      ) as g
      group by g.day, g.transport, g.port
      having sum(g.failing) <> 0 or sum(g.judged) <> 0
    ) as e
    window in_order as (partition by e.day, e.transport order by e.port)
  ) as r
  where r.sites_failing > 0;

comment on view natsweep.failing_ports is
  'One row a day (UTC) and stretch of neighbouring ports that fail at equally many of the sites that the reader may see. Bound '
  'day.';
comment on column natsweep.failing_ports.day is 'The day, UTC.';
comment on column natsweep.failing_ports.transport is 'udp or tcp.';
comment on column natsweep.failing_ports.first_port is 'The first port.';
comment on column natsweep.failing_ports.last_port is 'The last port.';
comment on column natsweep.failing_ports.sites_failing is 'Sites where they are not as expected.';
comment on column natsweep.failing_ports.sites_judged is 'Sites where they were judged.';
comment on column natsweep.failing_ports.fail_rate is 'The share of the former in the latter, 0 to 1.';
grant select on natsweep.failing_ports to natsweep_viewer;

commit;
