begin;

drop function natsweep.queue_outages;

commit;
