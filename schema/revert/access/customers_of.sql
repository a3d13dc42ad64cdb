begin;

drop function natsweep.customers_of;

commit;
