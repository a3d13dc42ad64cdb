begin;

drop table natsweep.sweep_transition;

commit;
