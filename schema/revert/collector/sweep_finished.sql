begin;

drop function natsweep.sweep_finished;

commit;
