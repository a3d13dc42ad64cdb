-- What the newest sweeps of a site come to.
begin;
set local role natsweep_owner;

create table natsweep.site_judgement (
  site_id bigint primary key,
  sweep_id bigint not null,
  public_address inet,
  shared_address boolean not null default false,
  alg text,
  changed_at timestamptz,
  failing_since timestamptz,
  flapping_until timestamptz,
  cause text,
  cure text
) with (fillfactor = 70);
create index site_judgement_address on natsweep.site_judgement (public_address);

comment on table natsweep.site_judgement is
  'One row a site that was ever judged: what takes more than its newest sweep to know. Written by judge() alone.';
comment on column natsweep.site_judgement.site_id is 'The site.';
comment on column natsweep.site_judgement.sweep_id is
  'The sweep of site_last that was looked at: while a newer one waits for judge(), cause and cure are not about it.';
comment on column natsweep.site_judgement.public_address is 'What the server saw last.';
comment on column natsweep.site_judgement.shared_address is
  'Whether a site of another customer has the same public address: a NAT of the provider (CGNAT), most likely.';
comment on column natsweep.site_judgement.alg is 'sip, generic or none: what rewrites payloads on the way; null: not tested.';
comment on column natsweep.site_judgement.changed_at is 'When something last changed.';
comment on column natsweep.site_judgement.failing_since is
  'When it was first seen not to be supported after it had been; null: it is supported, or never was.';
comment on column natsweep.site_judgement.flapping_until is
  'Until when it counts as flapping, if its outcome does not change again.';
comment on column natsweep.site_judgement.cause is 'The likely cause of its trouble.';
comment on column natsweep.site_judgement.cure is 'What to do about it.';

alter table natsweep.site_judgement enable row level security;
alter table natsweep.site_judgement force row level security;
create policy owner on natsweep.site_judgement to natsweep_owner using (true) with check (true);
create policy reader on natsweep.site_judgement for select to natsweep_viewer
  using ((select natsweep.sees_all()) or site_id in (select s.site_id from natsweep.site s));
grant select on natsweep.site_judgement to natsweep_viewer;

commit;
