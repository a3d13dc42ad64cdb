begin;

drop function natsweep.change_agent_key;

commit;
