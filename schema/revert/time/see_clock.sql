begin;

drop function natsweep.see_clock;

commit;
