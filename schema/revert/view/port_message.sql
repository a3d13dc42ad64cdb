begin;

drop function natsweep.port_message;

commit;
