begin;

drop view natsweep.sweep_ports;

commit;
