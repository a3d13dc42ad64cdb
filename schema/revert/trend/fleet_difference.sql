begin;

drop function natsweep.fleet_difference;

commit;
