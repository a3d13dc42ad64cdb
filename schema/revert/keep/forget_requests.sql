begin;

drop function natsweep.forget_requests;

commit;
