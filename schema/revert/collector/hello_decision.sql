begin;

drop table natsweep.hello_decision;

commit;
