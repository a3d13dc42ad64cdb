begin;

drop function natsweep.in_quiet_hours;

commit;
