-- What was hoped of the ports of a report.
begin;
set local role natsweep_owner;

create table natsweep.port_plan (
  plan_id bigserial primary key,
  digest bytea not null unique,
  ranges natsweep.port_range[] not null
);

comment on table natsweep.port_plan is
  'Role and expectation of ports, once for all the reports that agree on them: a fleet that is swept with one profile has one row.';
comment on column natsweep.port_plan.plan_id is 'The plan.';
comment on column natsweep.port_plan.digest is 'SHA-256 of the ranges as collectors write them: what makes two plans the same.';
comment on column natsweep.port_plan.ranges is 'The ranges, ascending by transport, then port.';
grant select on natsweep.port_plan to natsweep_viewer;

commit;
