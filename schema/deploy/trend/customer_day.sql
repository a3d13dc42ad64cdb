-- How the sites of customers were, day by day.
begin;
set local role natsweep_owner;

create table natsweep.customer_day (
  customer_id bigint not null,
  day date not null,
  sites integer not null,
  supported integer not null,
  partial integer not null,
  unsupported integer not null,
  inconclusive integer not null,
  not_run integer not null,
  open_internet integer not null,
  full_cone integer not null,
  restricted_cone integer not null,
  port_restricted_cone integer not null,
  "symmetric" integer not null,
  symmetric_firewall integer not null,
  udp_blocked integer not null,
  unknown integer not null,
  pass_count bigint not null,
  fail_count bigint not null,
  unjudged_count bigint not null,
  primary key (customer_id, day)
);
create index customer_day_day on natsweep.customer_day (day);

comment on table natsweep.customer_day is
  'One row a customer and day (UTC): site_day added up. fleet_daily adds up the customers that its reader may see.';
comment on column natsweep.customer_day.customer_id is 'The customer.';
comment on column natsweep.customer_day.day is 'The day, UTC.';
comment on column natsweep.customer_day.sites is 'Sites that were judged that day.';
comment on column natsweep.customer_day.supported is 'Sites with this outcome.';
comment on column natsweep.customer_day.partial is 'Sites with this outcome.';
comment on column natsweep.customer_day.unsupported is 'Sites with this outcome.';
comment on column natsweep.customer_day.inconclusive is 'Sites with this outcome.';
comment on column natsweep.customer_day.not_run is 'Sites with this outcome.';
comment on column natsweep.customer_day.open_internet is 'Sites of this NAT class.';
comment on column natsweep.customer_day.full_cone is 'Sites of this NAT class.';
comment on column natsweep.customer_day.restricted_cone is 'Sites of this NAT class.';
comment on column natsweep.customer_day.port_restricted_cone is 'Sites of this NAT class.';
comment on column natsweep.customer_day."symmetric" is 'Sites of this NAT class.';
comment on column natsweep.customer_day.symmetric_firewall is 'Sites of this NAT class.';
comment on column natsweep.customer_day.udp_blocked is 'Sites of this NAT class.';
comment on column natsweep.customer_day.unknown is 'Sites of this NAT class.';
comment on column natsweep.customer_day.pass_count is 'Judged ports of all sites that are as expected.';
comment on column natsweep.customer_day.fail_count is 'Judged ports that are not.';
comment on column natsweep.customer_day.unjudged_count is 'Ports that could not be judged.';

alter table natsweep.customer_day enable row level security;
alter table natsweep.customer_day force row level security;
create policy owner on natsweep.customer_day to natsweep_owner using (true) with check (true);
create policy reader on natsweep.customer_day for select to natsweep_viewer
  using ((select natsweep.sees_all()) or customer_id = any ((select natsweep.my_customers())::bigint[]));
grant select on natsweep.customer_day to natsweep_viewer;

commit;
