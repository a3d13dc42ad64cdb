begin;

drop function natsweep.dashboard_sites;

commit;
