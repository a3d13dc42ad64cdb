begin;

delete from natsweep.fact_table where name = 'port_verdict';
drop table natsweep.port_verdict;

commit;
