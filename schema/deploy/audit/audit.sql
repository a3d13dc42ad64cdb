-- Who asked for what.
begin;
set local role natsweep_owner;

create table natsweep.audit (
  audit_id bigserial primary key,
  at timestamptz not null default now(),
  who name not null default session_user,
  what text not null,
  customers bigint[] not null,
  detail jsonb not null
);
create index audit_at on natsweep.audit (at);

comment on table natsweep.audit is 'Who asked for what; only ever added to.';
comment on column natsweep.audit.audit_id is 'The entry.';
comment on column natsweep.audit.at is 'When.';
comment on column natsweep.audit.who is 'The login role; for the run of a schedule the one that made it.';
comment on column natsweep.audit.what is 'The function that was called.';
comment on column natsweep.audit.customers is
  'The customers it is about; only who sees them all sees the entry, beside who did it.';
comment on column natsweep.audit.detail is 'With what, and what came of it.';

alter table natsweep.audit enable row level security;
alter table natsweep.audit force row level security;
create policy owner on natsweep.audit to natsweep_owner using (true) with check (true);
create policy reader on natsweep.audit for select to natsweep_viewer
  using ((select natsweep.sees_all()) or who = session_user
    or (customers <> '{}' and customers <@ (select natsweep.my_customers())::bigint[]));
grant select on natsweep.audit to natsweep_viewer;

commit;
