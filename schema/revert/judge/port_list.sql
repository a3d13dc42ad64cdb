begin;

drop function natsweep.port_list;

commit;
