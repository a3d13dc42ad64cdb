begin;

select * from natsweep.site_agent where false;

rollback;
