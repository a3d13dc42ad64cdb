begin;

drop function natsweep.find_webhook;

commit;
