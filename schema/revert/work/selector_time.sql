begin;

drop function natsweep.selector_time;

commit;
