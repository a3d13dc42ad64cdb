begin;

drop table natsweep.sweep_state;

commit;
