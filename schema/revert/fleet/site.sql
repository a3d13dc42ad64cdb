begin;

drop table natsweep.site;

commit;
