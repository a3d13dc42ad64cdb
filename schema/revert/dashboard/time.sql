begin;

drop function natsweep.dashboard_time;

commit;
