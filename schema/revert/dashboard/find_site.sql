begin;

drop function natsweep.dashboard_find_site;

commit;
