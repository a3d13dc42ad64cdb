begin;

drop view natsweep.repair_time;

commit;
