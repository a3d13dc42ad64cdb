begin;

drop view natsweep.agent_version;

commit;
