-- Where each site's newest judgement of each port is.
begin;
set local role natsweep_owner;

create table natsweep.port_last (
  site_id bigint not null,
  at timestamptz not null,
  sweep_id bigint not null,
  batch smallint not null,
  part smallint not null,
  transport smallint not null,
  judged boolean not null,
  ports int4multirange not null
);
create index port_last_site on natsweep.port_last (site_id);

comment on table natsweep.port_last is
  'For each site and transport the rows of port_verdict that hold the newest judgement of some port, and for which. The ports of '
  'a site never overlap. So port_current need not search the history.';
comment on column natsweep.port_last.site_id is 'The site.';
comment on column natsweep.port_last.at is 'When the sweep was first claimed.';
comment on column natsweep.port_last.sweep_id is 'The sweep.';
comment on column natsweep.port_last.batch is 'The batch of the report.';
comment on column natsweep.port_last.part is 'The row of port_verdict within the batch.';
comment on column natsweep.port_last.transport is 'Number of the transport.';
comment on column natsweep.port_last.judged is
  'Whether the verdict speaks of the firewall. A port that was never judged shows its newest verdict of the other kind.';
comment on column natsweep.port_last.ports is 'The ports of that row that no newer judgement covers.';

alter table natsweep.port_last enable row level security;
alter table natsweep.port_last force row level security;
create policy owner on natsweep.port_last to natsweep_owner using (true) with check (true);
create policy reader on natsweep.port_last for select to natsweep_viewer
  using ((select natsweep.sees_all()) or site_id in (select s.site_id from natsweep.site s));
grant select on natsweep.port_last to natsweep_viewer;

commit;
