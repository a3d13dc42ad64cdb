-- Who sees a customer.
begin;
set local role natsweep_owner;

alter table natsweep.customer enable row level security;
alter table natsweep.customer force row level security;
create policy owner on natsweep.customer to natsweep_owner using (true) with check (true);
create policy reader on natsweep.customer for select to natsweep_viewer
  using ((select natsweep.sees_all()) or customer_id = any ((select natsweep.my_customers())::bigint[]));
grant select on natsweep.customer to natsweep_viewer;

commit;
