begin;

drop function natsweep.dashboard_fleet;

commit;
