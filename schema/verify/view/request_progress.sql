begin;

select * from natsweep.request_progress where false;

rollback;
