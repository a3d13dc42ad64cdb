begin;

drop function natsweep.agent_new_key;

commit;
