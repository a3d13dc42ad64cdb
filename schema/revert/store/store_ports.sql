begin;

drop function natsweep.store_ports;

commit;
