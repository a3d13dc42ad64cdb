begin;

drop table natsweep.fact_table;

commit;
