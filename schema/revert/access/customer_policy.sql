begin;

revoke select on natsweep.customer from natsweep_viewer;
drop policy reader on natsweep.customer;
drop policy owner on natsweep.customer;
alter table natsweep.customer no force row level security;
alter table natsweep.customer disable row level security;

commit;
