begin;

drop function natsweep.find_customer;

commit;
