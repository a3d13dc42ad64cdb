begin;

drop table natsweep.customer_day;

commit;
