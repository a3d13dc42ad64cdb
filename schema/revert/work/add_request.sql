begin;

drop function natsweep.add_request;

commit;
