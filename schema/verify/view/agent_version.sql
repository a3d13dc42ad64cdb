begin;

select * from natsweep.agent_version where false;

rollback;
