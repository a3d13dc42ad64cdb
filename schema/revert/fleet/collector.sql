begin;

drop table natsweep.collector;

commit;
