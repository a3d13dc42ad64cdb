-- A row of evidence as a collector hands it over.
begin;
set local role natsweep_owner;

create type natsweep.evidence_in as (
  item integer,
  part smallint,
  attempts smallint,
  rtt_unit_us integer,
  ports int4multirange,
  rtt bytea,
  retry_ports integer[],
  retry_attempts smallint[],
  mapped_address inet,
  mapped_addresses inet[],
  mapped_ports bytea,
  owners jsonb
);

comment on type natsweep.evidence_in is
  'A row of port_evidence as store_reports takes it. item is that of the batch it belongs to. Collectors fill the columns by '
  'their order.';
comment on column natsweep.evidence_in.item is 'The batch it belongs to.';
comment on column natsweep.evidence_in.part is 'The row of port_verdict that the ports belong to.';
comment on column natsweep.evidence_in.attempts is 'Requests sent for each of the ports but those in retry_ports.';
comment on column natsweep.evidence_in.rtt_unit_us is 'What rtt counts, microseconds.';
comment on column natsweep.evidence_in.ports is 'The ports.';
comment on column natsweep.evidence_in.rtt is 'Round-trip time of each port, packed; 65535: unknown.';
comment on column natsweep.evidence_in.retry_ports is 'The ports with another number of requests.';
comment on column natsweep.evidence_in.retry_attempts is 'Their numbers.';
comment on column natsweep.evidence_in.mapped_address is 'The mapped address, when it is the same for all.';
comment on column natsweep.evidence_in.mapped_addresses is 'The mapped address of each port otherwise.';
comment on column natsweep.evidence_in.mapped_ports is 'The mapped port of each port when not all are preserved, packed.';
comment on column natsweep.evidence_in.owners is 'Programs that hold ports: {"5060": {"pid": 812, "name": "..."}}.';

commit;
