begin;

select * from natsweep.retention where false;

rollback;
