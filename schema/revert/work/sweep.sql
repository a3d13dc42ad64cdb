begin;

drop table natsweep.sweep;

commit;
