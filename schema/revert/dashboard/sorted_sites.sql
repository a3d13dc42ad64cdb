begin;

drop function natsweep.dashboard_sorted_sites;

commit;
