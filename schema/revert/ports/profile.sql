begin;

drop table natsweep.profile;

commit;
