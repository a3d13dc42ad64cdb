begin;

drop function natsweep.agent_hello;

commit;
