begin;

drop view natsweep.collector_status;

commit;
