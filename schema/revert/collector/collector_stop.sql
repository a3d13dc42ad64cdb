begin;

drop function natsweep.collector_stop;

commit;
