begin;

drop function natsweep.port_explanation;

commit;
