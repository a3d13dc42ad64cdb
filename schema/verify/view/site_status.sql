begin;

select * from natsweep.site_status where false;

rollback;
