begin;

drop function natsweep.enroll_agent;

commit;
