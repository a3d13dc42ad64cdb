begin;

drop function natsweep.remove_webhook;

commit;
