begin;

drop table natsweep.vantage_fault;

commit;
