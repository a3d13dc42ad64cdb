-- The verdicts, kept for years.
begin;
set local role natsweep_owner;

create table natsweep.port_verdict (
  site_id bigint not null,
  at timestamptz not null,
  sweep_id bigint not null,
  plan_id bigint not null,
  batch smallint not null,
  part smallint not null,
  transport smallint not null,
  verdict smallint not null,
  reason smallint,
  reached boolean,
  preserved boolean,
  inbound boolean,
  unsolicited boolean,
  live boolean not null,
  ports int4multirange not null
) partition by range (at);
-- Not unique: the keys of sweep_result and report_batch see to that, and equal entries share one index tuple.
create index port_verdict_at on natsweep.port_verdict (site_id, at);

comment on table natsweep.port_verdict is
  'All ports of a batch with the same verdict and the same facts in one row: about a hundred bytes instead of a row a port. '
  'port_result has a row a port.';
comment on column natsweep.port_verdict.site_id is 'The site.';
comment on column natsweep.port_verdict.at is 'When the sweep was first claimed.';
comment on column natsweep.port_verdict.sweep_id is 'The sweep.';
comment on column natsweep.port_verdict.plan_id is 'What was hoped of the ports: port_plan.';
comment on column natsweep.port_verdict.batch is 'The batch of the report.';
comment on column natsweep.port_verdict.part is 'Number of this row within the batch.';
comment on column natsweep.port_verdict.transport is 'Number of the transport.';
comment on column natsweep.port_verdict.verdict is 'Number of the verdict.';
comment on column natsweep.port_verdict.reason is 'Number of the reason; null: none needed.';
comment on column natsweep.port_verdict.reached is 'Test 1 was answered.';
comment on column natsweep.port_verdict.preserved is 'The mapped port equals the local one.';
comment on column natsweep.port_verdict.inbound is 'Test 2 was answered from the other address.';
comment on column natsweep.port_verdict.unsolicited is 'Test 3 was answered before the port had sent anything.';
comment on column natsweep.port_verdict.live is 'Tested through raw sockets, nothing was bound.';
comment on column natsweep.port_verdict.ports is 'The ports.';

alter table natsweep.port_verdict enable row level security;
alter table natsweep.port_verdict force row level security;
create policy owner on natsweep.port_verdict to natsweep_owner using (true) with check (true);
create policy reader on natsweep.port_verdict for select to natsweep_viewer
  using ((select natsweep.sees_all()) or site_id in (select s.site_id from natsweep.site s));
grant select on natsweep.port_verdict to natsweep_viewer;

insert into natsweep.fact_table (name, keep) values ('port_verdict', null);
do $$ begin perform natsweep.make_partitions(); end $$;

commit;
