begin;

drop function natsweep.cancel_request;

commit;
