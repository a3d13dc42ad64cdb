-- One row a port and sweep.
begin;
set local role natsweep_owner;

create view natsweep.port_result with (security_invoker) as
  select c.name as customer, s.name as site, v.at, p.port, v.transport, v.role, v.expect,
    w.as_expected, v.verdict, v.reason, w.message,
    v.reached, v.preserved, v.inbound, v.unsolicited,
    case when family(p.mapped_address) = 6 then '[' || host(p.mapped_address) || ']' else host(p.mapped_address) end
      || ':' || p.mapped_port as mapped,
    p.rtt_us, p.attempts, v.live, p.owner, p.mapped_address, p.mapped_port,
    v.sweep_id, v.site_id, s.customer_id, v.batch, v.part
  from (
    select r.site_id, r.at, r.sweep_id, r.batch, r.part,
      (natsweep.transport_words())[r.transport] as transport,
      (natsweep.role_words())[h.role] as role,
      (natsweep.expect_words())[h.expect] as expect,
      h.alternative,
      (natsweep.verdict_words())[r.verdict] as verdict,
      (natsweep.reason_words())[r.reason] as reason,
      r.reached, r.preserved, r.inbound, r.unsolicited, r.live,
      r.ports * int4multirange(int4range(h.first, h.last, '[]')) as ports
    from natsweep.port_verdict r
    join natsweep.port_plan k on k.plan_id = r.plan_id
    join lateral unnest(k.ranges) as h on h.transport = r.transport and r.ports && int4range(h.first, h.last, '[]')
  ) as v
  join natsweep.site s on s.site_id = v.site_id
  join natsweep.customer c on c.customer_id = s.customer_id
  -- Once for all ports that share them.
  cross join lateral (
    select e.good or e.spared as as_expected,
      natsweep.port_message(v.transport, v.verdict, v.reason, v.unsolicited, v.expect, e.spared) as message
    from (
      select u.good, case when not u.good and v.alternative <> 0
        then natsweep.alternative_works(v.site_id, v.at, v.sweep_id, v.alternative) else false end as spared
      from (select natsweep.as_expected(v.verdict, v.expect, v.unsolicited) as good) as u
    ) as e
    offset 0
  ) as w
  cross join lateral (
    select q.port, m.mapped_address, m.mapped_port, m.rtt_us, m.attempts, m.owner
    from natsweep.ports_of(v.ports) as q (port)
    left join (
      select n.port,
        coalesce(n.address, e.mapped_address) as mapped_address,
        case
          when coalesce(n.address, e.mapped_address) is null then null
          when e.mapped_ports is null then n.port
          else n.mapped_port
        end as mapped_port,
        nullif(n.rtt, 65535) * e.rtt_unit_us as rtt_us,
        coalesce(e.retry_attempts[array_position(e.retry_ports, n.port)], e.attempts) as attempts,
        e.owners -> n.port::text as owner
      from natsweep.port_evidence e
      cross join lateral rows from (
        natsweep.ports_of(e.ports), natsweep.numbers_of(e.rtt), natsweep.numbers_of(e.mapped_ports), unnest(e.mapped_addresses)
      ) as n (port, rtt, mapped_port, address)
      where e.site_id = v.site_id and e.at = v.at and e.sweep_id = v.sweep_id and e.batch = v.batch and e.part = v.part
    ) as m on m.port = q.port
  ) as p;

comment on view natsweep.port_result is
  'One row per port and sweep. Bound site_id and at, or it reads everything there is. Evidence (mapped, rtt_us, attempts, owner) '
  'is kept for a shorter time than verdicts.';
comment on column natsweep.port_result.customer is 'Whose site it is.';
comment on column natsweep.port_result.site is 'The site.';
comment on column natsweep.port_result.at is 'When the sweep was first claimed.';
comment on column natsweep.port_result.port is 'The port.';
comment on column natsweep.port_result.transport is 'udp or tcp.';
comment on column natsweep.port_result.role is 'What the port is for.';
comment on column natsweep.port_result.expect is 'open or closed: what was hoped.';
comment on column natsweep.port_result.as_expected is 'Whether it is so; null: not judged.';
comment on column natsweep.port_result.verdict is 'The verdict.';
comment on column natsweep.port_result.reason is 'Why, where a verdict needs a reason.';
comment on column natsweep.port_result.message is 'Cause and cure in a line.';
comment on column natsweep.port_result.reached is 'Test 1 was answered: outbound works.';
comment on column natsweep.port_result.preserved is 'The router keeps the port.';
comment on column natsweep.port_result.inbound is 'Test 2 was answered from the server''s other address.';
comment on column natsweep.port_result.unsolicited is 'Test 3 was answered before the port had sent anything: a static forward.';
comment on column natsweep.port_result.mapped is 'Address and port that the server saw.';
comment on column natsweep.port_result.rtt_us is 'Round-trip time, microseconds.';
comment on column natsweep.port_result.attempts is 'Requests sent for the port, all tests together.';
comment on column natsweep.port_result.live is 'Tested through raw sockets, nothing was bound.';
comment on column natsweep.port_result.owner is 'The program that holds the port: {"pid", "name"}.';
comment on column natsweep.port_result.mapped_address is 'The address in mapped.';
comment on column natsweep.port_result.mapped_port is 'The port in mapped.';
comment on column natsweep.port_result.sweep_id is 'The sweep.';
comment on column natsweep.port_result.site_id is 'The number of the site.';
comment on column natsweep.port_result.customer_id is 'The number of the customer.';
comment on column natsweep.port_result.batch is 'The batch of the report that held it.';
comment on column natsweep.port_result.part is 'The row of port_verdict within the batch.';
grant select on natsweep.port_result to natsweep_viewer;

commit;
