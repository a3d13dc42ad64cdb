begin;

drop function natsweep.sweep_progress;

commit;
