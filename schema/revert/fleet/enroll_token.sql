begin;

drop table natsweep.enroll_token;

commit;
