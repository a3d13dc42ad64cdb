begin;

drop view natsweep.metric;

commit;
