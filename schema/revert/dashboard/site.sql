begin;

drop function natsweep.dashboard_site;

commit;
