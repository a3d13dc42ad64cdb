begin;

drop table natsweep.agent;

commit;
