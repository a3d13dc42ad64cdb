begin;

drop table natsweep.agent_seen;

commit;
