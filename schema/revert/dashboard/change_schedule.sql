begin;

drop function natsweep.dashboard_change_schedule;

commit;
