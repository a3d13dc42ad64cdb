begin;

drop function natsweep.pause_request;

commit;
