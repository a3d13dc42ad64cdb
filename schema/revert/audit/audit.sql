begin;

drop table natsweep.audit;

commit;
