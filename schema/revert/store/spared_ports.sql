begin;

drop function natsweep.spared_ports;

commit;
