begin;

select * from natsweep.agent_event where false;

rollback;
