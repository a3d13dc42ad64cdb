begin;

drop function natsweep.queue_recoveries;

commit;
