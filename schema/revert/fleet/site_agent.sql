begin;

drop view natsweep.site_agent;

commit;
