begin;

drop view natsweep.webhook_status;

commit;
