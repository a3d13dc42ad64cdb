begin;

drop function natsweep.dashboard_sites_csv;

commit;
