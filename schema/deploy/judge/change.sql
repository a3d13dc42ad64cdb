-- What changed at sites.
begin;
set local role natsweep_owner;

create table natsweep.change (
  site_id bigint not null,
  at timestamptz not null,
  sweep_id bigint not null,
  what text not null,
  before text not null,
  after text not null,
  primary key (site_id, at, sweep_id, what)
);
create index change_at on natsweep.change (at);
create index change_outcome on natsweep.change (site_id, at) include (before, after) where what = 'outcome';

comment on table natsweep.change is
  'What changed at which site from one sweep to the next; site_change shows it. Written by find_changes() alone, which can make '
  'it anew from the facts.';
comment on column natsweep.change.site_id is 'The site.';
comment on column natsweep.change.at is 'When the sweep that saw it was first claimed.';
comment on column natsweep.change.sweep_id is 'That sweep.';
comment on column natsweep.change.what is 'outcome, nat_class, public_address, alg or ports.';
comment on column natsweep.change.before is 'What it was.';
comment on column natsweep.change.after is 'What it is.';

alter table natsweep.change enable row level security;
alter table natsweep.change force row level security;
create policy owner on natsweep.change to natsweep_owner using (true) with check (true);
create policy reader on natsweep.change for select to natsweep_viewer
  using ((select natsweep.sees_all()) or site_id in (select s.site_id from natsweep.site s));
grant select on natsweep.change to natsweep_viewer;

commit;
