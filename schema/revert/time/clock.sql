begin;

drop table natsweep.clock;

commit;
