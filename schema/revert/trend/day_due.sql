begin;

drop table natsweep.day_due;

commit;
