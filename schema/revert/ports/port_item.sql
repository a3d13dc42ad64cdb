begin;

drop function natsweep.port_item;

commit;
