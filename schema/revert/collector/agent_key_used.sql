begin;

drop function natsweep.agent_key_used;

commit;
