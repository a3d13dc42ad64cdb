begin;

drop function natsweep.sweep_events;

commit;
