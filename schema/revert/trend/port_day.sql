begin;

drop table natsweep.port_day;

commit;
