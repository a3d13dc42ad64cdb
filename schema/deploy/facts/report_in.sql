-- A report batch as a collector hands it over.
begin;
set local role natsweep_owner;

create type natsweep.report_in as (
  item integer,
  site_id bigint,
  sweep_id bigint,
  at_us bigint,
  batch smallint,
  batches smallint,
  plan text,
  port_count integer,
  pass_count integer,
  fail_count integer,
  unjudged_count integer,
  forwarded_count integer,
  unforwarded_count integer,
  outcome smallint,
  family smallint,
  message text,
  advice text[],
  warnings jsonb,
  server_name text,
  server_address inet,
  server_port integer,
  other_address inet,
  other_port integer,
  local_address inet,
  public_address inet,
  started_at_us bigint,
  duration_us bigint,
  nat_class smallint,
  mapping smallint,
  filtering smallint,
  port_preservation boolean,
  hairpin boolean,
  generic_alg boolean,
  double_nat boolean,
  sip_alg boolean,
  sip_alg_diff text,
  binding_lifetime_s integer
);

comment on type natsweep.report_in is
  'A batch as store_reports takes it: the columns of report_batch and, with the last batch only, those of sweep_result. item '
  'numbers the batches of one call; plan is port_plan.ranges as text. Collectors fill the columns by their order.';
comment on column natsweep.report_in.item is 'Number of the batch within the call.';
comment on column natsweep.report_in.site_id is 'The site.';
comment on column natsweep.report_in.sweep_id is 'The sweep.';
comment on column natsweep.report_in.at_us is 'When the sweep was first claimed, microseconds since the Unix epoch.';
comment on column natsweep.report_in.batch is 'Number of the batch, from 0.';
comment on column natsweep.report_in.batches is 'How many there are.';
comment on column natsweep.report_in.plan is 'What was hoped of its ports: port_plan.ranges as text.';
comment on column natsweep.report_in.port_count is 'Its ports.';
comment on column natsweep.report_in.pass_count is 'Judged ports that are as expected.';
comment on column natsweep.report_in.fail_count is 'Judged ports that are not.';
comment on column natsweep.report_in.unjudged_count is 'Ports that could not be judged.';
comment on column natsweep.report_in.forwarded_count is 'Judged ports, not expected to be closed, that packets from outside reach.';
comment on column natsweep.report_in.unforwarded_count is 'Judged ports, not expected to be closed, that they do not reach.';
comment on column natsweep.report_in.outcome is 'Number of the outcome; null but in the last batch, as all that follows.';
comment on column natsweep.report_in.family is '4 or 6.';
comment on column natsweep.report_in.message is 'The outcome in one sentence.';
comment on column natsweep.report_in.advice is 'What to do about it.';
comment on column natsweep.report_in.warnings is 'List of {"code", "message"}.';
comment on column natsweep.report_in.server_name is 'The STUN server as the command named it.';
comment on column natsweep.report_in.server_address is 'Its address.';
comment on column natsweep.report_in.server_port is 'Its port.';
comment on column natsweep.report_in.other_address is 'The second address it announced.';
comment on column natsweep.report_in.other_port is 'The second port it announced.';
comment on column natsweep.report_in.local_address is 'What the agent sent from.';
comment on column natsweep.report_in.public_address is 'What the server saw.';
comment on column natsweep.report_in.started_at_us is 'When it started, by the agent''s clock, microseconds since the Unix epoch.';
comment on column natsweep.report_in.duration_us is 'How long it took, microseconds.';
comment on column natsweep.report_in.nat_class is 'Number of the NAT class.';
comment on column natsweep.report_in.mapping is 'Number of the mapping behaviour.';
comment on column natsweep.report_in.filtering is 'Number of the filtering behaviour.';
comment on column natsweep.report_in.port_preservation is 'Whether the NAT keeps ports that nobody forwarded.';
comment on column natsweep.report_in.hairpin is 'Whether the public address works from inside.';
comment on column natsweep.report_in.generic_alg is 'Whether something rewrites addresses in payloads.';
comment on column natsweep.report_in.double_nat is 'Whether there are two NATs in a row.';
comment on column natsweep.report_in.sip_alg is 'Whether a SIP ALG rewrites messages.';
comment on column natsweep.report_in.sip_alg_diff is 'What it rewrote, one line each with + or -.';
comment on column natsweep.report_in.binding_lifetime_s is 'How long a silent mapping lives, seconds.';

commit;
