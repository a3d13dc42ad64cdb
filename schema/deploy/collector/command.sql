-- What a collector tells an agent to do.
begin;
set local role natsweep_owner;

create type natsweep.command as (
  sweep_id bigint,
  generation integer,
  agent_id bigint,
  site_id bigint,
  at_us bigint,
  expires_in_s integer,
  deadline_s integer,
  transports smallint[],
  firsts integer[],
  lasts integer[],
  roles smallint[],
  expects smallint[],
  groups smallint[],
  servers text[],
  turn_server text,
  sip_echo text,
  family smallint,
  mode smallint,
  pace_pps integer,
  patience_s integer
);

comment on type natsweep.command is 'A sweep as a collector sends it.';
comment on column natsweep.command.sweep_id is 'The sweep.';
comment on column natsweep.command.generation is 'Its generation.';
comment on column natsweep.command.agent_id is 'Who has to run it.';
comment on column natsweep.command.site_id is 'The site.';
comment on column natsweep.command.at_us is 'The time of its facts, microseconds since the Unix epoch.';
comment on column natsweep.command.expires_in_s is 'Not to be started later than this many seconds from now.';
comment on column natsweep.command.deadline_s is 'Seconds after its start when it gives up.';
comment on column natsweep.command.transports is 'The transport of each range of ports.';
comment on column natsweep.command.firsts is 'The first port of each range.';
comment on column natsweep.command.lasts is 'The last port of each range.';
comment on column natsweep.command.roles is 'The role of each range.';
comment on column natsweep.command.expects is 'What is hoped of each range.';
comment on column natsweep.command.groups is 'The group of alternatives of each range; 0: none.';
comment on column natsweep.command.servers is 'STUN servers, HOST[:PORT], tried in order.';
comment on column natsweep.command.turn_server is 'TURN server; null: the STUN server.';
comment on column natsweep.command.sip_echo is 'SIP echo; null: no ALG test.';
comment on column natsweep.command.family is '4 or 6.';
comment on column natsweep.command.mode is 'Number of the mode.';
comment on column natsweep.command.pace_pps is 'Packets a second; 0: unpaced.';
comment on column natsweep.command.patience_s is 'How much a suspected block may lengthen it, seconds.';

commit;
