begin;

drop table natsweep.customer_member;

commit;
