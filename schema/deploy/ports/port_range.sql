-- A range of ports as plans have it.
begin;
set local role natsweep_owner;

create type natsweep.port_range as (
  transport smallint,
  first integer,
  last integer,
  role smallint,
  expect smallint,
  alternative smallint
);

comment on type natsweep.port_range is 'A range of ports and what is hoped of it, in the numbers of natsweep.word.';
comment on column natsweep.port_range.transport is 'Number of the transport.';
comment on column natsweep.port_range.first is 'First port.';
comment on column natsweep.port_range.last is 'Last port.';
comment on column natsweep.port_range.role is 'Number of the role.';
comment on column natsweep.port_range.expect is 'Number of the expectation.';
comment on column natsweep.port_range.alternative is 'Ports of one number other than 0 stand in for each other.';

commit;
