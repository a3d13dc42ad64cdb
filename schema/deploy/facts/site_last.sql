-- The newest judgement of each site.
begin;
set local role natsweep_owner;

create table natsweep.site_last (
  site_id bigint primary key,
  at timestamptz not null,
  sweep_id bigint not null,
  outcome smallint not null,
  message text not null,
  nat_class smallint,
  forwarding smallint,
  public_address inet,
  pass_count integer not null,
  fail_count integer not null,
  unjudged_count integer not null,
  base_at timestamptz,
  base_sweep_id bigint,
  base_port_count integer
) with (fillfactor = 70);
create index site_last_address on natsweep.site_last (public_address);

comment on table natsweep.site_last is
  'The newest sweep_result of each site that was neither cancelled nor interrupted, so that the fleet''s status never reads the '
  'facts. A sweep of some of the ports of an earlier one is a recheck: outcome, forwarding and counts then speak of all ports of '
  'the earlier one.';
comment on column natsweep.site_last.site_id is 'The site.';
comment on column natsweep.site_last.at is 'When the sweep was first claimed.';
comment on column natsweep.site_last.sweep_id is 'The sweep.';
comment on column natsweep.site_last.outcome is 'Number of the outcome.';
comment on column natsweep.site_last.message is 'The outcome in one sentence.';
comment on column natsweep.site_last.nat_class is 'Number of the NAT class.';
comment on column natsweep.site_last.forwarding is 'Number of the degree of forwarding.';
comment on column natsweep.site_last.public_address is 'What the server saw.';
comment on column natsweep.site_last.pass_count is 'Judged ports that are as expected.';
comment on column natsweep.site_last.fail_count is 'Judged ports that are not.';
comment on column natsweep.site_last.unjudged_count is 'Ports that could not be judged.';

comment on column natsweep.site_last.base_at is
  'When the sweep whose ports are spoken of was first claimed: this one or, after a recheck, an earlier one; null: not known, '
  'nothing is a recheck of it.';
comment on column natsweep.site_last.base_sweep_id is 'That sweep.';
comment on column natsweep.site_last.base_port_count is 'Its ports.';

alter table natsweep.site_last enable row level security;
alter table natsweep.site_last force row level security;
create policy owner on natsweep.site_last to natsweep_owner using (true) with check (true);
create policy reader on natsweep.site_last for select to natsweep_viewer
  using ((select natsweep.sees_all()) or site_id in (select s.site_id from natsweep.site s));
grant select on natsweep.site_last to natsweep_viewer;

commit;
