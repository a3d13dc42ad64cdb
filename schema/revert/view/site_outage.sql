begin;

drop view natsweep.site_outage;

commit;
