-- At how many sites of customers ports failed, day by day.
begin;
set local role natsweep_owner;

create table natsweep.port_day (
  customer_id bigint not null,
  day date not null,
  transport text not null,
  failing integer not null,
  judged integer not null,
  ports int4multirange not null,
  primary key (customer_id, day, transport, failing, judged)
);
create index port_day_day on natsweep.port_day (day);

comment on table natsweep.port_day is
  'One row a customer, day (UTC) and number of sites at which ports fail: a few rows, however scattered the ports are. '
  'failing_ports adds up the customers that its reader may see.';
comment on column natsweep.port_day.customer_id is 'The customer.';
comment on column natsweep.port_day.day is 'The day, UTC.';
comment on column natsweep.port_day.transport is 'udp or tcp.';
comment on column natsweep.port_day.failing is 'Sites where they are not as expected.';
comment on column natsweep.port_day.judged is 'Sites where they were judged.';
comment on column natsweep.port_day.ports is 'The ports.';

alter table natsweep.port_day enable row level security;
alter table natsweep.port_day force row level security;
create policy owner on natsweep.port_day to natsweep_owner using (true) with check (true);
create policy reader on natsweep.port_day for select to natsweep_viewer
  using ((select natsweep.sees_all()) or customer_id = any ((select natsweep.my_customers())::bigint[]));
grant select on natsweep.port_day to natsweep_viewer;

commit;
