begin;

drop table natsweep.sweep_result;

commit;
