begin;

drop function natsweep.webhook_done;

commit;
