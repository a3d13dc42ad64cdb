begin;

drop function natsweep.dashboard_matching_sites;

commit;
