begin;

drop function natsweep.tend_webhooks;

commit;
