begin;

drop function natsweep.create_customer;

commit;
