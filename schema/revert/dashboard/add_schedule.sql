begin;

drop function natsweep.dashboard_add_schedule;

commit;
