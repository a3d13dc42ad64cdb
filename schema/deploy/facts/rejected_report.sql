-- Reports that could not be stored.
begin;
set local role natsweep_owner;

create table natsweep.rejected_report (
  site_id bigint not null,
  at timestamptz not null default now(),
  agent_id bigint not null,
  sweep_id bigint not null,
  batch integer not null,
  reason text not null,
  digest bytea not null,
  payload bytea not null,
  primary key (site_id, at, agent_id, sweep_id, batch, digest)
) partition by range (at);

comment on table natsweep.rejected_report is
  'Reports that were turned down one by one, as they came, so that nothing an agent measured is lost without a trace.';
comment on column natsweep.rejected_report.site_id is 'The site of the agent that sent it.';
comment on column natsweep.rejected_report.at is 'When it was rejected.';
comment on column natsweep.rejected_report.agent_id is 'The agent.';
comment on column natsweep.rejected_report.sweep_id is 'The sweep it claims to be of.';
comment on column natsweep.rejected_report.batch is 'The batch it claims to be.';
comment on column natsweep.rejected_report.reason is 'Why it was rejected.';
comment on column natsweep.rejected_report.digest is 'SHA-256 of the payload: a report rejected twice is kept once.';
comment on column natsweep.rejected_report.payload is 'The frame (natsweep.proto, Envelope).';

alter table natsweep.rejected_report enable row level security;
alter table natsweep.rejected_report force row level security;
create policy owner on natsweep.rejected_report to natsweep_owner using (true) with check (true);
create policy reader on natsweep.rejected_report for select to natsweep_viewer using ((select natsweep.sees_all()));
grant select on natsweep.rejected_report to natsweep_viewer;

insert into natsweep.fact_table (name, keep) values ('rejected_report', interval '90 days');
do $$ begin perform natsweep.make_partitions(); end $$;

commit;
