begin;

drop view natsweep.agent_status;

commit;
