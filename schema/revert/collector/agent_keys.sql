begin;

drop function natsweep.agent_keys;

commit;
