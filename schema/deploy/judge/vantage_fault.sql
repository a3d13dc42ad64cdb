-- Sweeps that failed because the server did.
begin;
set local role natsweep_owner;

create table natsweep.vantage_fault (
  site_id bigint not null,
  at timestamptz not null,
  sweep_id bigint not null,
  server_name text not null,
  primary key (site_id, at, sweep_id)
);
create index vantage_fault_at on natsweep.vantage_fault (at);

comment on table natsweep.vantage_fault is
  'Sweeps in which nothing passed because the server was out of order: they say nothing about their site. Written by '
  'find_vantage_faults() alone; vantage_event makes one event of many.';
comment on column natsweep.vantage_fault.site_id is 'The site.';
comment on column natsweep.vantage_fault.at is 'When the sweep was first claimed.';
comment on column natsweep.vantage_fault.sweep_id is 'The sweep.';
comment on column natsweep.vantage_fault.server_name is 'The server; empty when no server answered at all.';

alter table natsweep.vantage_fault enable row level security;
alter table natsweep.vantage_fault force row level security;
create policy owner on natsweep.vantage_fault to natsweep_owner using (true) with check (true);
create policy reader on natsweep.vantage_fault for select to natsweep_viewer
  using ((select natsweep.sees_all()) or site_id in (select s.site_id from natsweep.site s));
grant select on natsweep.vantage_fault to natsweep_viewer;

commit;
