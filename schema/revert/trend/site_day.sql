begin;

drop table natsweep.site_day;

commit;
