begin;

drop function natsweep.roll_up_sites;

commit;
