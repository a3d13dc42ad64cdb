begin;

drop function natsweep.give_up_deliveries;

commit;
