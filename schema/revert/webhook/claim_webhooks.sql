begin;

drop function natsweep.claim_webhooks;

commit;
