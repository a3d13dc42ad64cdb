begin;

drop view natsweep.port_result;

commit;
