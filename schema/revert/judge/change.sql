begin;

drop table natsweep.change;

commit;
