-- A row of verdicts as a collector hands it over.
begin;
set local role natsweep_owner;

create type natsweep.part_in as (
  item integer,
  part smallint,
  transport smallint,
  verdict smallint,
  reason smallint,
  reached boolean,
  preserved boolean,
  inbound boolean,
  unsolicited boolean,
  live boolean,
  judged boolean,
  ports int4multirange
);

comment on type natsweep.part_in is
  'A row of port_verdict as store_reports takes it. item is that of the batch it belongs to. Collectors fill the columns by their '
  'order.';
comment on column natsweep.part_in.item is 'The batch it belongs to.';
comment on column natsweep.part_in.part is 'Number of this row within the batch.';
comment on column natsweep.part_in.transport is 'Number of the transport.';
comment on column natsweep.part_in.verdict is 'Number of the verdict.';
comment on column natsweep.part_in.reason is 'Number of the reason; null: none needed.';
comment on column natsweep.part_in.reached is 'Test 1 was answered.';
comment on column natsweep.part_in.preserved is 'The mapped port equals the local one.';
comment on column natsweep.part_in.inbound is 'Test 2 was answered from the other address.';
comment on column natsweep.part_in.unsolicited is 'Test 3 was answered before the port had sent anything.';
comment on column natsweep.part_in.live is 'Tested through raw sockets, nothing was bound.';
comment on column natsweep.part_in.judged is
  'Whether the verdict speaks of the firewall. A port that was never judged shows its newest verdict of the other kind.';
comment on column natsweep.part_in.ports is 'The ports.';

commit;
