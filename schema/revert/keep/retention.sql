begin;

drop table natsweep.retention;

commit;
