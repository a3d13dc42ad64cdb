-- The evidence beside the verdicts, kept for a short while.
begin;
set local role natsweep_owner;

create table natsweep.port_evidence (
  site_id bigint not null,
  at timestamptz not null,
  sweep_id bigint not null,
  batch smallint not null,
  part smallint not null,
  attempts smallint not null,
  rtt_unit_us integer,
  ports int4multirange not null,
  rtt bytea,
  retry_ports integer[],
  retry_attempts smallint[],
  mapped_address inet,
  mapped_addresses inet[],
  mapped_ports bytea,
  owners jsonb
) partition by range (at);
alter table natsweep.port_evidence
  alter column rtt set compression lz4,
  alter column retry_ports set compression lz4,
  alter column retry_attempts set compression lz4,
  alter column mapped_addresses set compression lz4,
  alter column mapped_ports set compression lz4,
  alter column owners set compression lz4;
create index port_evidence_at on natsweep.port_evidence (site_id, at);

comment on table natsweep.port_evidence is
  'What was measured of the ports of a port_verdict row. Arrays and packed numbers (two bytes each, the higher first; '
  'numbers_of() unpacks them) follow the order of the ports; null where nothing is known or nothing differs. Packed, because '
  'reading 2,000 array elements one by one took a fifth of all the time it takes to store a report.';
comment on column natsweep.port_evidence.site_id is 'The site.';
comment on column natsweep.port_evidence.at is 'When the sweep was first claimed.';
comment on column natsweep.port_evidence.sweep_id is 'The sweep.';
comment on column natsweep.port_evidence.batch is 'The batch of the report.';
comment on column natsweep.port_evidence.part is 'The row of port_verdict that the ports belong to.';
comment on column natsweep.port_evidence.attempts is 'Requests sent for each of the ports but those in retry_ports.';
comment on column natsweep.port_evidence.rtt_unit_us is 'What rtt counts, microseconds.';
comment on column natsweep.port_evidence.ports is 'The ports.';
comment on column natsweep.port_evidence.rtt is 'Round-trip time of each port, packed; 65535: unknown.';
comment on column natsweep.port_evidence.retry_ports is 'The ports with another number of requests.';
comment on column natsweep.port_evidence.retry_attempts is 'Their numbers.';
comment on column natsweep.port_evidence.mapped_address is 'The mapped address, when it is the same for all.';
comment on column natsweep.port_evidence.mapped_addresses is 'The mapped address of each port otherwise.';
comment on column natsweep.port_evidence.mapped_ports is 'The mapped port of each port when not all are preserved, packed.';
comment on column natsweep.port_evidence.owners is 'Programs that hold ports: {"5060": {"pid": 812, "name": "..."}}.';

alter table natsweep.port_evidence enable row level security;
alter table natsweep.port_evidence force row level security;
create policy owner on natsweep.port_evidence to natsweep_owner using (true) with check (true);
create policy reader on natsweep.port_evidence for select to natsweep_viewer
  using ((select natsweep.sees_all()) or site_id in (select s.site_id from natsweep.site s));
grant select on natsweep.port_evidence to natsweep_viewer;

insert into natsweep.fact_table (name, keep) values ('port_evidence', interval '60 days');
do $$ begin perform natsweep.make_partitions(); end $$;

commit;
