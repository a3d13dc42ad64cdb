begin;

drop function natsweep.collector_start;

commit;
