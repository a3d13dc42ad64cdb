begin;

select * from natsweep.collector_status where false;

rollback;
