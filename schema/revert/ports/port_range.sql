begin;

drop type natsweep.port_range;

commit;
