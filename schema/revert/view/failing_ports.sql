begin;

drop view natsweep.failing_ports;

commit;
