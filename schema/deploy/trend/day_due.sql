-- Days of customers that have to be added up.
begin;
set local role natsweep_owner;

create table natsweep.day_due (
  customer_id bigint not null,
  day date not null,
  due_at timestamptz not null default now() + interval '1 min',
  primary key (customer_id, day)
);

comment on table natsweep.day_due is
  'Days of customers whose sums are out of date. They wait for a minute, so that a night''s reports are added up some times and '
  'not with every report.';
comment on column natsweep.day_due.customer_id is 'The customer.';
comment on column natsweep.day_due.day is 'The day, UTC.';
comment on column natsweep.day_due.due_at is 'Not to be added up earlier than this.';

alter table natsweep.day_due enable row level security;
alter table natsweep.day_due force row level security;
create policy owner on natsweep.day_due to natsweep_owner using (true) with check (true);

commit;
