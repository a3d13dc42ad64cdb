begin;

drop table natsweep.collector_endpoint;

commit;
