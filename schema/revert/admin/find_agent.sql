begin;

drop function natsweep.find_agent;

commit;
