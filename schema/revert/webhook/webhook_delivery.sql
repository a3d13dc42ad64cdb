begin;

drop table natsweep.webhook_delivery;

commit;
