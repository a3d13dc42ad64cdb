begin;

drop function natsweep.run_schedules;

commit;
