begin;

drop function natsweep.find_schedule;

commit;
