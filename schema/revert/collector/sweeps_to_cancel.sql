begin;

drop function natsweep.sweeps_to_cancel;

commit;
