begin;

drop function natsweep.roll_up_day;

commit;
