begin;

delete from natsweep.fact_table where name = 'rejected_report';
drop table natsweep.rejected_report;

commit;
