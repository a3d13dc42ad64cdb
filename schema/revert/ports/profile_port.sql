begin;

drop table natsweep.profile_port;

commit;
