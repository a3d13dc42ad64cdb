begin;

drop function natsweep.roll_up;

commit;
