begin;

delete from natsweep.fact_table where name = 'report_batch';
drop table natsweep.report_batch;

commit;
