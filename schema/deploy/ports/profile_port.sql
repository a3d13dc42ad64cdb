-- The ports of each profile.
begin;
set local role natsweep_owner;

create table natsweep.profile_port (
  profile text not null references natsweep.profile on delete cascade,
  transport smallint not null,
  first integer not null,
  last integer not null,
  role smallint not null,
  expect smallint not null,
  alternative smallint not null default 0,
  primary key (profile, transport, first),
  check (first between 1 and last and last <= 65535)
);

comment on table natsweep.profile_port is 'The ranges of ports of each profile.';
comment on column natsweep.profile_port.profile is 'The profile.';
comment on column natsweep.profile_port.transport is 'Number of the transport.';
comment on column natsweep.profile_port.first is 'First port.';
comment on column natsweep.profile_port.last is 'Last port.';
comment on column natsweep.profile_port.role is 'Number of the role.';
comment on column natsweep.profile_port.expect is 'Number of the expectation.';
comment on column natsweep.profile_port.alternative is
  'Ports of one number other than 0 stand in for each other: one of them is enough.';
grant select on natsweep.profile_port to natsweep_viewer;

commit;
