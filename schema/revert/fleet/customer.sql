begin;

drop table natsweep.customer;

commit;
