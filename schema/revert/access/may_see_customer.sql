begin;

drop function natsweep.may_see_customer;

commit;
