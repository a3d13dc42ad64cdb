-- Customers.
begin;
set local role natsweep_owner;

create table natsweep.customer (
  customer_id bigserial primary key,
  name natsweep.label not null unique,
  created_at timestamptz not null default now()
);

comment on table natsweep.customer is 'Who the sites belong to. Access is granted by customer.';
comment on column natsweep.customer.customer_id is 'The customer.';
comment on column natsweep.customer.name is 'What people call it.';
comment on column natsweep.customer.created_at is 'When it was made.';

commit;
