begin;

drop table natsweep.port_last;

commit;
