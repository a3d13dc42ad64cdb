begin;

drop function natsweep.dashboard_ports;

commit;
