begin;

drop view natsweep.vantage_event;

commit;
