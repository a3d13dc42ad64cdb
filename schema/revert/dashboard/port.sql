begin;

drop function natsweep.dashboard_port;

commit;
