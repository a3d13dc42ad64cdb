begin;

drop function natsweep.collector_beat;

commit;
