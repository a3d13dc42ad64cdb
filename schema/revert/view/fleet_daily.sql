begin;

drop view natsweep.fleet_daily;

commit;
