-- The ports of each site, neighbours that are alike taken together.
begin;
set local role natsweep_owner;

create view natsweep.port_span with (security_invoker) as
  select j.customer, j.site, min(j.port) as first, max(j.port) as last, j.transport, j.role, j.expect, j.as_expected,
    j.verdict, j.message, j.site_id, j.customer_id
  from (
    select p.*, p.port - row_number() over (
        partition by p.site_id, p.transport, p.role, p.expect, p.as_expected, p.verdict, p.message order by p.port
      ) as run
    from natsweep.port_current p
  ) as j
  group by j.site_id, j.transport, j.role, j.expect, j.as_expected, j.verdict, j.message, j.run,
    j.customer, j.site, j.customer_id;

comment on view natsweep.port_span is
  'Each site''s newest judgement of its ports, one row for neighbours that are alike. Bound site_id for one site''s at once.';
comment on column natsweep.port_span.customer is 'Whose site it is.';
comment on column natsweep.port_span.site is 'The site.';
comment on column natsweep.port_span.first is 'The lowest of these ports.';
comment on column natsweep.port_span.last is 'The highest.';
comment on column natsweep.port_span.transport is 'udp or tcp.';
comment on column natsweep.port_span.role is 'What the ports are for.';
comment on column natsweep.port_span.expect is 'open or closed: what was hoped.';
comment on column natsweep.port_span.as_expected is 'Whether they are so; null: not judged.';
comment on column natsweep.port_span.verdict is 'The verdict.';
comment on column natsweep.port_span.message is 'Cause and cure in a line.';
comment on column natsweep.port_span.site_id is 'The number of the site.';
comment on column natsweep.port_span.customer_id is 'The number of the customer.';
grant select on natsweep.port_span to natsweep_viewer;

commit;
