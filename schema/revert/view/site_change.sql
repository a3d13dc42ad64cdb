begin;

drop view natsweep.site_change;

commit;
