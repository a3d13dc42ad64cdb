begin;

drop function natsweep.find_request;

commit;
