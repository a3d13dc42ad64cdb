begin;

drop function natsweep.grant_customer;

commit;
