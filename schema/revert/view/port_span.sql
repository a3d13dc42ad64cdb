begin;

drop view natsweep.port_span;

commit;
