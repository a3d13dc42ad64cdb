begin;

drop function natsweep.dashboard_plan_schedule;

commit;
