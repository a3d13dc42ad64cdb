begin;

drop function natsweep.site_for_host;

commit;
