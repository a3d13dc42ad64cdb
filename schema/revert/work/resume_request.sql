begin;

drop function natsweep.resume_request;

commit;
