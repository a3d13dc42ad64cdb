begin;

drop function natsweep.dashboard_trend;

commit;
