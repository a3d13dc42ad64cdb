begin;

drop function natsweep.approve_agent;

commit;
