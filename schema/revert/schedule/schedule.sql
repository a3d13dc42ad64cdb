begin;

drop table natsweep.schedule;

commit;
