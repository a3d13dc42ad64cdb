begin;

drop function natsweep.revoke_customer;

commit;
