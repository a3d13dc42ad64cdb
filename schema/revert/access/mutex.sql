begin;

drop table natsweep.mutex;

commit;
