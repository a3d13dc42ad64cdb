begin;

drop function natsweep.request_sweep;

commit;
