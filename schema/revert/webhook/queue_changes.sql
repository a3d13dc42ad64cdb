begin;

drop function natsweep.queue_changes;

commit;
