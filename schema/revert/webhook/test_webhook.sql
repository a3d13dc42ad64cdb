begin;

drop function natsweep.test_webhook;

commit;
