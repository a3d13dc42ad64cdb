begin;

drop function natsweep.sweep_step_all;

commit;
