begin;

drop function natsweep.webhook_body;

commit;
