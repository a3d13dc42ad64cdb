begin;

drop view natsweep.site_status;

commit;
