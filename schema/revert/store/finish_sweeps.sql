begin;

drop function natsweep.finish_sweeps;

commit;
