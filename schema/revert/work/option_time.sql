begin;

drop function natsweep.option_time;

commit;
