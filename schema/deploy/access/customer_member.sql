-- Which role sees which customer.
begin;
set local role natsweep_owner;

create table natsweep.customer_member (
  member name not null,
  customer_id bigint not null references natsweep.customer on delete cascade,
  granted_by name not null default session_user,
  granted_at timestamptz not null default now(),
  primary key (member, customer_id)
);

comment on table natsweep.customer_member is
  'Which role may see which customer. Row-level security asks for the login role, so nothing that a client can SET matters.';
comment on column natsweep.customer_member.member is 'A login role, or a group that login roles are members of.';
comment on column natsweep.customer_member.customer_id is
  'What it may see; whether it may also ask for sweeps is the role natsweep_operator.';
comment on column natsweep.customer_member.granted_by is 'Who granted it.';
comment on column natsweep.customer_member.granted_at is 'When it was granted.';

alter table natsweep.customer_member enable row level security;
alter table natsweep.customer_member force row level security;
create policy owner on natsweep.customer_member to natsweep_owner using (true) with check (true);
create policy reader on natsweep.customer_member for select to natsweep_viewer
  using (member = session_user or pg_has_role(session_user, 'natsweep_admin', 'member'));
grant select on natsweep.customer_member to natsweep_viewer;

commit;
