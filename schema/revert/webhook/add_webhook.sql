begin;

drop function natsweep.add_webhook;

commit;
