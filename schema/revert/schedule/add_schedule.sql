begin;

drop function natsweep.add_schedule;

commit;
