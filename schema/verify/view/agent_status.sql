begin;

select * from natsweep.agent_status where false;

rollback;
