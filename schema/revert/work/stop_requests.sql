begin;

drop function natsweep.stop_requests;

commit;
