begin;

drop function natsweep.agent_befell;

commit;
