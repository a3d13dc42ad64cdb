-- Sites.
begin;
set local role natsweep_owner;

create table natsweep.site (
  site_id bigserial primary key,
  customer_id bigint not null references natsweep.customer,
  name natsweep.label not null,
  tags text[] not null default '{}',
  created_at timestamptz not null default now(),
  unique (customer_id, name)
);

comment on table natsweep.site is 'A place with one PBX behind one firewall: what is judged.';
comment on column natsweep.site.site_id is 'The site; first in every key of the facts.';
comment on column natsweep.site.customer_id is 'Whose it is.';
comment on column natsweep.site.name is 'What people call it; unique within the customer.';
comment on column natsweep.site.tags is 'Words to select sites by, such as the region or the router.';
comment on column natsweep.site.created_at is 'When it was made.';

alter table natsweep.site enable row level security;
alter table natsweep.site force row level security;
create policy owner on natsweep.site to natsweep_owner using (true) with check (true);
create policy reader on natsweep.site for select to natsweep_viewer
  using ((select natsweep.sees_all()) or customer_id = any ((select natsweep.my_customers())::bigint[]));
grant select on natsweep.site to natsweep_viewer;

commit;
