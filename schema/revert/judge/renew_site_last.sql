begin;

drop function natsweep.renew_site_last;

commit;
