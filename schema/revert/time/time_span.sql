begin;

drop function natsweep.time_span;

commit;
