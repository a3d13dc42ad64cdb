-- One row a port of each site: its newest judgement.
begin;
set local role natsweep_owner;

create view natsweep.port_current with (security_invoker) as
  select r.customer, r.site, r.at, r.port, r.transport, r.role, r.expect, r.as_expected, r.verdict, r.reason, r.message,
    r.reached, r.preserved, r.inbound, r.unsolicited, r.mapped, r.rtt_us, r.attempts, r.live, r.owner,
    r.mapped_address, r.mapped_port, r.sweep_id, r.site_id, r.customer_id
  from natsweep.port_last l
  join natsweep.port_result r
    on r.site_id = l.site_id and r.at = l.at and r.sweep_id = l.sweep_id and r.batch = l.batch and r.part = l.part
    and l.ports @> r.port;

comment on view natsweep.port_current is
  'Each site''s newest judgement of each port, whichever sweep it is of; a port that was never judged shows its newest verdict. '
  'Bound site_id for one site''s ports at once.';
comment on column natsweep.port_current.customer is 'Whose site it is.';
comment on column natsweep.port_current.site is 'The site.';
comment on column natsweep.port_current.at is 'When the sweep was first claimed.';
comment on column natsweep.port_current.port is 'The port.';
comment on column natsweep.port_current.transport is 'udp or tcp.';
comment on column natsweep.port_current.role is 'What the port is for.';
comment on column natsweep.port_current.expect is 'open or closed: what was hoped.';
comment on column natsweep.port_current.as_expected is 'Whether it is so; null: not judged.';
comment on column natsweep.port_current.verdict is 'The verdict.';
comment on column natsweep.port_current.reason is 'Why, where a verdict needs a reason.';
comment on column natsweep.port_current.message is 'Cause and cure in a line.';
comment on column natsweep.port_current.reached is 'Test 1 was answered: outbound works.';
comment on column natsweep.port_current.preserved is 'The router keeps the port.';
comment on column natsweep.port_current.inbound is 'Test 2 was answered from the server''s other address.';
comment on column natsweep.port_current.unsolicited is 'Test 3 was answered before the port had sent anything: a static forward.';
comment on column natsweep.port_current.mapped is 'Address and port that the server saw.';
comment on column natsweep.port_current.rtt_us is 'Round-trip time, microseconds.';
comment on column natsweep.port_current.attempts is 'Requests sent for the port, all tests together.';
comment on column natsweep.port_current.live is 'Tested through raw sockets, nothing was bound.';
comment on column natsweep.port_current.owner is 'The program that holds the port: {"pid", "name"}.';
comment on column natsweep.port_current.mapped_address is 'The address in mapped.';
comment on column natsweep.port_current.mapped_port is 'The port in mapped.';
comment on column natsweep.port_current.sweep_id is 'The sweep.';
comment on column natsweep.port_current.site_id is 'The number of the site.';
comment on column natsweep.port_current.customer_id is 'The number of the customer.';
grant select on natsweep.port_current to natsweep_viewer;

commit;
