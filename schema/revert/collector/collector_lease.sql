begin;

drop function natsweep.collector_lease;

commit;
