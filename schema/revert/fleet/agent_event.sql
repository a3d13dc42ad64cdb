begin;

drop table natsweep.agent_event;

commit;
