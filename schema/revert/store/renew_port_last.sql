begin;

drop function natsweep.renew_port_last;

commit;
