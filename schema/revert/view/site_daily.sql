begin;

drop view natsweep.site_daily;

commit;
