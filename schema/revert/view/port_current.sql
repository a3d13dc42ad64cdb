begin;

drop view natsweep.port_current;

commit;
