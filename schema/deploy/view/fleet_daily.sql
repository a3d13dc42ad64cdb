-- Classes and outcomes by day.
begin;
set local role natsweep_owner;

create view natsweep.fleet_daily with (security_invoker) as
  select d.day, sum(d.sites) as sites,
    sum(d.supported) as supported,
    sum(d.partial) as partial,
    sum(d.unsupported) as unsupported,
    sum(d.inconclusive) as inconclusive,
    sum(d.not_run) as not_run,
    sum(d.open_internet) as open_internet,
    sum(d.full_cone) as full_cone,
    sum(d.restricted_cone) as restricted_cone,
    sum(d.port_restricted_cone) as port_restricted_cone,
    sum(d.symmetric) as symmetric,
    sum(d.symmetric_firewall) as symmetric_firewall,
    sum(d.udp_blocked) as udp_blocked,
    sum(d.unknown) as unknown,
    sum(d.pass_count) as pass_count, sum(d.fail_count) as fail_count, sum(d.unjudged_count) as unjudged_count,
    round(sum(d.pass_count) / nullif(sum(d.pass_count) + sum(d.fail_count), 0), 4) as pass_rate
  from natsweep.customer_day d
  group by d.day;

comment on view natsweep.fleet_daily is
  'One row a day (UTC): how many of the sites that the reader may see were judged, and how they were.';
comment on column natsweep.fleet_daily.day is 'The day, UTC.';
comment on column natsweep.fleet_daily.sites is 'Sites that were judged that day.';
comment on column natsweep.fleet_daily.supported is 'Sites with this outcome.';
comment on column natsweep.fleet_daily.partial is 'Sites with this outcome.';
comment on column natsweep.fleet_daily.unsupported is 'Sites with this outcome.';
comment on column natsweep.fleet_daily.inconclusive is 'Sites with this outcome.';
comment on column natsweep.fleet_daily.not_run is 'Sites with this outcome.';
comment on column natsweep.fleet_daily.open_internet is 'Sites of this NAT class.';
comment on column natsweep.fleet_daily.full_cone is 'Sites of this NAT class.';
comment on column natsweep.fleet_daily.restricted_cone is 'Sites of this NAT class.';
comment on column natsweep.fleet_daily.port_restricted_cone is 'Sites of this NAT class.';
comment on column natsweep.fleet_daily."symmetric" is 'Sites of this NAT class.';
comment on column natsweep.fleet_daily.symmetric_firewall is 'Sites of this NAT class.';
comment on column natsweep.fleet_daily.udp_blocked is 'Sites of this NAT class.';
comment on column natsweep.fleet_daily.unknown is 'Sites of this NAT class.';
comment on column natsweep.fleet_daily.pass_count is 'Judged ports of all sites that are as expected.';
comment on column natsweep.fleet_daily.fail_count is 'Judged ports that are not.';
comment on column natsweep.fleet_daily.unjudged_count is 'Ports that could not be judged.';
comment on column natsweep.fleet_daily.pass_rate is 'Share of the judged ports that are as expected, 0 to 1.';
grant select on natsweep.fleet_daily to natsweep_viewer;

commit;
