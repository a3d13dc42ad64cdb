begin;

drop table natsweep.site_last;

commit;
