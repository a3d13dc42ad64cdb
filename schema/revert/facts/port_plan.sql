begin;

drop table natsweep.port_plan;

commit;
