begin;

drop function natsweep.pause_schedule;

commit;
