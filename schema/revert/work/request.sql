begin;

drop table natsweep.request;

commit;
