begin;

drop function natsweep.dashboard_port_history;

commit;
