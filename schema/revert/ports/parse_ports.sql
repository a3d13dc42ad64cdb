begin;

drop function natsweep.parse_ports;

commit;
