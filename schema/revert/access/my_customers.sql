begin;

drop function natsweep.my_customers;

commit;
