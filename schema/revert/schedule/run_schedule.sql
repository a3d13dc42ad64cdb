begin;

drop function natsweep.run_schedule;

commit;
