-- How sites were, day by day.
begin;
set local role natsweep_owner;

create table natsweep.site_day (
  site_id bigint not null,
  day date not null,
  at timestamptz not null,
  sweep_id bigint not null,
  sweeps integer not null,
  outcome smallint not null,
  nat_class smallint,
  forwarding smallint,
  pass_count integer not null,
  fail_count integer not null,
  unjudged_count integer not null,
  primary key (site_id, day)
);
create index site_day_day on natsweep.site_day (day);
create index site_day_bad on natsweep.site_day (day) include (site_id, pass_count, fail_count) where fail_count > 0;

comment on table natsweep.site_day is
  'One row a site and day (UTC): the day''s sweep of most ports, of several the last. site_daily shows it. Made from the facts by '
  'roll_up_sites(), again and again with the same result.';
comment on column natsweep.site_day.site_id is 'The site.';
comment on column natsweep.site_day.day is 'The day, UTC.';
comment on column natsweep.site_day.at is 'When the sweep that stands for the day was first claimed.';
comment on column natsweep.site_day.sweep_id is 'That sweep.';
comment on column natsweep.site_day.sweeps is 'Sweeps of the day that count.';
comment on column natsweep.site_day.outcome is 'Number of the outcome.';
comment on column natsweep.site_day.nat_class is 'Number of the NAT class.';
comment on column natsweep.site_day.forwarding is 'Number of the degree of forwarding.';
comment on column natsweep.site_day.pass_count is 'Judged ports that are as expected.';
comment on column natsweep.site_day.fail_count is 'Judged ports that are not.';
comment on column natsweep.site_day.unjudged_count is 'Ports that could not be judged.';

alter table natsweep.site_day enable row level security;
alter table natsweep.site_day force row level security;
create policy owner on natsweep.site_day to natsweep_owner using (true) with check (true);
create policy reader on natsweep.site_day for select to natsweep_viewer
  using ((select natsweep.sees_all()) or site_id in (select s.site_id from natsweep.site s));
grant select on natsweep.site_day to natsweep_viewer;

commit;
