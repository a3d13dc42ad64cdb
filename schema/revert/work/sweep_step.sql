begin;

drop function natsweep.sweep_step;

commit;
